using System.Buffers.Binary;

namespace Cenote.Audio;

/// <summary>From whole little-endian frames to mono float32, as libsndfile decodes and librosa averages.</summary>
internal static class MonoDecoder
{
    /// <summary>Decodes <c>mono.Length</c> frames.</summary>
    public static void Decode(ReadOnlySpan<byte> frames, WavFormat format, Span<float> mono)
    {
        switch (format.Encoding, format.SampleBytes)
        {
            case (SampleEncoding.Pcm, 1): Average<Pcm8>(frames, format, mono); break;
            case (SampleEncoding.Pcm, 2): Average<Pcm16>(frames, format, mono); break;
            case (SampleEncoding.Pcm, 3): Average<Pcm24>(frames, format, mono); break;
            case (SampleEncoding.Pcm, _): Average<Pcm32>(frames, format, mono); break;
            case (SampleEncoding.IeeeFloat, 4): Average<Float32>(frames, format, mono); break;
            case (SampleEncoding.IeeeFloat, _): Average<Float64>(frames, format, mono); break;
            case (SampleEncoding.ALaw, _): Average<ALaw>(frames, format, mono); break;
            case (SampleEncoding.MuLaw, _): Average<MuLaw>(frames, format, mono); break;
        }
    }

    // A sequential float32 sum and one division: numpy's mean over the channels, to the bit.
    private static void Average<TSample>(ReadOnlySpan<byte> frames, WavFormat format, Span<float> mono)
        where TSample : ISample
    {
        for (int frame = 0; frame < mono.Length; frame++)
        {
            ReadOnlySpan<byte> samples = frames.Slice(frame * format.FrameBytes, format.FrameBytes);
            float sum = TSample.Read(samples);
            for (int channel = 1; channel < format.Channels; channel++)
            {
                sum += TSample.Read(samples[(channel * format.SampleBytes)..]);
            }

            mono[frame] = sum / format.Channels;
        }
    }

    private interface ISample
    {
        static abstract float Read(ReadOnlySpan<byte> bytes);
    }

    private readonly struct Pcm8 : ISample
    {
        public static float Read(ReadOnlySpan<byte> bytes) => (bytes[0] - 128) / 128f;
    }

    private readonly struct Pcm16 : ISample
    {
        public static float Read(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt16LittleEndian(bytes) / 32768f;
    }

    private readonly struct Pcm24 : ISample
    {
        public static float Read(ReadOnlySpan<byte> bytes) => (bytes[0] | (bytes[1] << 8) | ((sbyte)bytes[2] << 16)) / 8388608f;
    }

    private readonly struct Pcm32 : ISample
    {
        public static float Read(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 2147483648f;
    }

    private readonly struct Float32 : ISample
    {
        public static float Read(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadSingleLittleEndian(bytes);
    }

    private readonly struct Float64 : ISample
    {
        public static float Read(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes);
    }

    private readonly struct ALaw : ISample
    {
        public static float Read(ReadOnlySpan<byte> bytes) => G711.ALaw[bytes[0]];
    }

    private readonly struct MuLaw : ISample
    {
        public static float Read(ReadOnlySpan<byte> bytes) => G711.MuLaw[bytes[0]];
    }
}
