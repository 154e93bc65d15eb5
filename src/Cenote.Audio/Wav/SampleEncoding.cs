namespace Cenote.Audio;

/// <summary>How one sample of one channel is stored; the numbers are those of the format tag.</summary>
internal enum SampleEncoding
{
    Pcm = 1,
    IeeeFloat = 3,
    ALaw = 6,
    MuLaw = 7,
}
