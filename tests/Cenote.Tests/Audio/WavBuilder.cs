using System.Buffers.Binary;
using System.Text;

namespace Cenote.Tests.Audio;

/// <summary>Puts WAV files together chunk by chunk, right or wrong.</summary>
internal sealed class WavBuilder(string container = "RIFF", string form = "WAVE")
{
    private readonly List<byte> _chunks = [];

    private bool IsBigEndian => container == "RIFX";

    /// <summary>A file of one fmt and one data chunk.</summary>
    public static byte[] Simple(int bits, byte[] data, int channels = 1, int tag = 1, int rate = 8000) =>
        new WavBuilder().Format(bits, channels, tag, rate).Data(data).Build();

    public WavBuilder Format(
        int bits = 16, int channels = 1, int tag = 1, long rate = 8000, int? blockAlign = null, uint? byteRate = null, byte[]? extra = null)
    {
        int align = blockAlign ?? channels * ((bits + 7) / 8);
        byte[] body =
        [
            .. Number(tag, 2), .. Number(channels, 2), .. Number(rate, 4), .. Number(byteRate ?? (uint)(rate * align), 4),
            .. Number(align, 2), .. Number(bits, 2), .. extra ?? [],
        ];
        return Chunk("fmt ", body);
    }

    /// <summary>WAVE_FORMAT_EXTENSIBLE, its GUID given as text.</summary>
    public WavBuilder Extensible(int bits, int channels, string guid, int validBits = 0) =>
        Format(
            bits, channels, tag: 0xFFFE, extra: [.. Number(22, 2), .. Number(validBits, 2), .. Number(3, 4), .. new Guid(guid).ToByteArray(IsBigEndian)]);

    public WavBuilder Data(byte[] data, uint? size = null) => Chunk("data", data, size);

    public WavBuilder Chunk(string name, byte[] body, uint? size = null)
    {
        _chunks.AddRange(Encoding.ASCII.GetBytes(name));
        _chunks.AddRange(Number(size ?? (uint)body.Length, 4));
        _chunks.AddRange(body);
        if (body.Length % 2 != 0)
        {
            _chunks.Add(0);
        }

        return this;
    }

    public WavBuilder Bytes(params byte[] bytes)
    {
        _chunks.AddRange(bytes);
        return this;
    }

    public byte[] Build(uint? riffSize = null) =>
        [.. Encoding.ASCII.GetBytes(container), .. Number(riffSize ?? (uint)_chunks.Count + 4, 4), .. Encoding.ASCII.GetBytes(form), .. _chunks];

    public byte[] Number(long value, int bytes)
    {
        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(all, value);
        all = all[..bytes];
        if (IsBigEndian)
        {
            all.Reverse();
        }

        return all.ToArray();
    }
}
