using System.Buffers.Binary;

namespace Cenote.Audio;

/// <summary>What the <c>fmt </c> chunk says: the encoding, the channels, the rate, and the bytes of one sample of one channel.</summary>
internal readonly record struct WavFormat(SampleEncoding Encoding, int Channels, int SampleRate, int SampleBytes)
{
    /// <summary>The bytes of the longest <c>fmt </c> chunk that means anything: WAVE_FORMAT_EXTENSIBLE.</summary>
    public const int LargestChunk = 40;

    private const int SmallestChunk = 16;
    private const int ExtensibleTag = 0xFFFE;

    // libsndfile's limit.
    private const int MostChannels = 1024;

    // Block align is not read: files get it wrong, and channels and bits imply it.
    public int FrameBytes => Channels * SampleBytes;

    /// <summary>Parses the chunk's body, of which <paramref name="offset"/> is the place in the file.</summary>
    public static WavFormat Parse(ReadOnlySpan<byte> body, bool bigEndian, long offset)
    {
        if (body.Length < SmallestChunk)
        {
            throw new WavFormatException($"the fmt chunk at byte {offset} has {body.Length} bytes; it needs at least {SmallestChunk}");
        }

        int tag = UInt16(body, bigEndian);
        int channels = UInt16(body[2..], bigEndian);
        uint sampleRate = UInt32(body[4..], bigEndian);
        int bits = UInt16(body[14..], bigEndian);
        if (tag == ExtensibleTag)
        {
            tag = ExtensibleSubformat(body, bigEndian, offset);
        }

        if (channels is 0 or > MostChannels)
        {
            throw new WavFormatException($"the fmt chunk gives {channels} channels at byte {offset + 2}; 1 to {MostChannels} can be read");
        }

        if (sampleRate is 0 or > int.MaxValue)
        {
            throw new WavFormatException(
                $"the fmt chunk gives a sample rate of {sampleRate} Hz at byte {offset + 4}; it must be 1 to {int.MaxValue}");
        }

        string? readableBits = (SampleEncoding)tag switch
        {
            SampleEncoding.Pcm => bits is >= 1 and <= 32 ? null : "1 to 32",
            SampleEncoding.IeeeFloat => bits is 32 or 64 ? null : "32 or 64",
            SampleEncoding.ALaw or SampleEncoding.MuLaw => bits is not 0 ? null : "1 or more, and take 8",
            _ => throw new WavFormatException(
                $"the fmt chunk gives format tag 0x{tag:X4} at byte {offset}; PCM (1), float (3), A-law (6) and mu-law (7) can be read"),
        };
        if (readableBits is not null)
        {
            throw new WavFormatException(
                $"the fmt chunk gives {bits} bits a sample at byte {offset + 14}; {(SampleEncoding)tag} samples can have {readableBits}");
        }

        // 12 bits lie in a 16-bit container and 20 in a 24-bit one, with the value of the full container.
        int sampleBytes = (SampleEncoding)tag is SampleEncoding.ALaw or SampleEncoding.MuLaw ? 1 : (bits + 7) / 8;
        return new WavFormat((SampleEncoding)tag, channels, (int)sampleRate, sampleBytes);
    }

    // The format tag lies in front of a fixed tail: xxxxxxxx-0000-0010-8000-00AA00389B71.
    private static int ExtensibleSubformat(ReadOnlySpan<byte> body, bool bigEndian, long offset)
    {
        if (body.Length < LargestChunk)
        {
            throw new WavFormatException(
                $"the extensible fmt chunk at byte {offset} has {body.Length} bytes; it needs {LargestChunk} to name its format");
        }

        Guid subformat = new(body[24..40], bigEndian);
        Span<byte> bytes = stackalloc byte[16];
        subformat.TryWriteBytes(bytes);
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        if (!bytes[2..].SequenceEqual((ReadOnlySpan<byte>)[0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]))
        {
            throw new WavFormatException(
                $"the fmt chunk gives format {subformat} at byte {offset + 24}; PCM, float, A-law and mu-law can be read");
        }

        return tag;
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
