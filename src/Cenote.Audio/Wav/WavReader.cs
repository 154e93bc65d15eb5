using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text;

namespace Cenote.Audio;

/// <summary>
/// Reads a WAV stream, block by block, to mono float32. What a header claims is never allocated: only what the stream still holds, or has
/// given.
/// </summary>
internal sealed class WavReader
{
    private const int ChunkHeaderBytes = 8;
    private const int BlockBytes = 1 << 16;

    // "Not known", as recorders write it while they run; RF64 then has the size in its ds64 chunk.
    private const uint UnknownSize = 0xFFFFFFFF;
    private const uint UnknownSignedSize = 0x7FFFFFFF;
    private const long UntilEnd = long.MaxValue / 4;

    private readonly Stream _stream;
    private long _offset;
    private bool _bigEndian;

    private WavReader(Stream stream) => _stream = stream;

    /// <summary>Reads from the stream's present position to its end.</summary>
    /// <exception cref="WavFormatException">The stream is not a WAV recording, or holds a sample that is no number.</exception>
    public static (float[] Samples, int SampleRate) Read(Stream stream) => new WavReader(stream).Read();

    private (float[] Samples, int SampleRate) Read()
    {
        bool isRf64 = ReadRiffHeader();
        WavFormat? format = null;
        float[]? samples = null;
        long largeDataSize = UntilEnd;
        Span<byte> header = stackalloc byte[ChunkHeaderBytes];

        while (true)
        {
            long chunkOffset = _offset;
            int headerBytes = Fill(header);
            if (headerBytes < ChunkHeaderBytes)
            {
                // Behind the samples this is a trailing byte or two; before them the recording is cut.
                return samples is not null
                    ? (samples, format!.Value.SampleRate)
                    : throw new WavFormatException($"the file ends at byte {_offset} without a {(format is null ? "fmt" : "data")} chunk");
            }

            long size = UInt32(header[4..]);
            if (header.StartsWith("data"u8))
            {
                size = size switch
                {
                    UnknownSize => isRf64 ? largeDataSize : UntilEnd,
                    UnknownSignedSize => UntilEnd,
                    _ => size,
                };
            }

            // Chunks begin at even places.
            long end = _offset + size + (size & 1);
            if (header.StartsWith("fmt "u8))
            {
                Refuse(format is not null, $"a second fmt chunk at byte {chunkOffset}; a WAV file has one");
                format = ReadFormat(size);
            }
            else if (header.StartsWith("data"u8))
            {
                Refuse(format is null, $"the data chunk at byte {chunkOffset} comes before any fmt chunk; fmt must come first");
                Refuse(samples is not null, $"a second data chunk at byte {chunkOffset}; a WAV file has one");
                samples = ReadSamples(format.Value, size);
            }
            else if (isRf64 && header.StartsWith("ds64"u8))
            {
                largeDataSize = ReadLargeDataSize(size);
            }

            Skip(end - _offset);
        }
    }

    private bool ReadRiffHeader()
    {
        Span<byte> header = stackalloc byte[12];
        int count = Fill(header[..10]);
        Refuse(count == 0, "the file is empty; a WAV file begins with \"RIFF\"");
        if (count == 10 && header.StartsWith("ID3"u8))
        {
            // Four bytes of seven bits each.
            Skip((header[6] << 21) | (header[7] << 14) | (header[8] << 7) | header[9]);
            count = Fill(header[..10]);
        }

        long start = _offset - count;
        bool isRf64 = header.StartsWith("RF64"u8);
        _bigEndian = header.StartsWith("RIFX"u8);
        bool isRiff = header.StartsWith("RIFF"u8) || _bigEndian || isRf64;
        Refuse(
            count < 4 || !isRiff,
            $"not a WAV file: byte {start} holds {Quote(header[..Math.Min(count, 4)])} where \"RIFF\", \"RIFX\" or \"RF64\" belongs");
        count += Fill(header[count..]);
        Refuse(count < header.Length, $"the file ends at byte {_offset}, within the 12 bytes of its RIFF header");
        Refuse(!header[8..].SequenceEqual("WAVE"u8), $"not a WAV file: byte {start + 8} holds {Quote(header[8..])} where \"WAVE\" belongs");
        return isRf64;
    }

    private WavFormat ReadFormat(long size)
    {
        long offset = _offset;
        Span<byte> body = stackalloc byte[(int)Math.Min(size, WavFormat.LargestChunk)];
        Refuse(Fill(body) < body.Length, $"the file ends at byte {_offset}, within the fmt chunk that begins at byte {offset}");
        return WavFormat.Parse(body, _bigEndian, offset);
    }

    // The body begins with the RIFF size, which is not needed, and the data size.
    private long ReadLargeDataSize(long size)
    {
        Span<byte> body = stackalloc byte[16];
        Refuse(size < body.Length || Fill(body) < body.Length, $"the ds64 chunk is cut at byte {_offset}; it needs at least 28 bytes");
        return (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(body[8..]), UntilEnd);
    }

    // A partial frame at the end is dropped.
    private float[] ReadSamples(WavFormat format, long size)
    {
        long known = Math.Min(size, _stream.CanSeek ? _stream.Length - _stream.Position : BlockBytes);
        float[] samples = GC.AllocateUninitializedArray<float>((int)Math.Min(known / format.FrameBytes, Array.MaxLength));
        int count = 0;
        byte[] block = ArrayPool<byte>.Shared.Rent(Math.Max(BlockBytes, format.FrameBytes));
        Span<byte> wholeFrames = block.AsSpan(0, block.Length / format.FrameBytes * format.FrameBytes);
        bool isAtEnd = false;
        while (size > 0 && !isAtEnd)
        {
            long blockOffset = _offset;
            Span<byte> bytes = wholeFrames[..(int)Math.Min(size, wholeFrames.Length)];
            int read = Fill(bytes);
            isAtEnd = read < bytes.Length;
            size -= read;
            int frames = read / format.FrameBytes;
            if ((long)count + frames > samples.Length)
            {
                Array.Resize(ref samples, Grow(count, frames));
            }

            if (_bigEndian)
            {
                ReverseSamples(bytes, format.SampleBytes);
            }

            Span<float> mono = samples.AsSpan(count, frames);
            MonoDecoder.Decode(bytes, format, mono);
            RefuseNonFinite(mono, count, blockOffset, format.FrameBytes);
            count += frames;
        }

        ArrayPool<byte>.Shared.Return(block);
        Array.Resize(ref samples, count);
        return samples;
    }

    private int Grow(int count, int frames)
    {
        Refuse(
            (long)count + frames > Array.MaxLength,
            $"the recording goes on at byte {_offset}; at most {Array.MaxLength} frames can be held");
        return (int)Math.Clamp(2L * count, count + frames, Array.MaxLength);
    }

    private static void ReverseSamples(Span<byte> bytes, int sampleBytes)
    {
        for (; bytes.Length >= sampleBytes; bytes = bytes[sampleBytes..])
        {
            bytes[..sampleBytes].Reverse();
        }
    }

    private static void RefuseNonFinite(ReadOnlySpan<float> mono, int firstFrame, long offset, int frameBytes)
    {
        if (mono.IsEmpty || TensorPrimitives.IsFiniteAll(mono))
        {
            return;
        }

        int frame = 0;
        while (float.IsFinite(mono[frame]))
        {
            frame++;
        }

        throw new WavFormatException(string.Create(
            CultureInfo.InvariantCulture,
            $"frame {firstFrame + frame}, at byte {offset + ((long)frame * frameBytes)}, is {mono[frame]}; every sample must be a finite number"));
    }

    private int Fill(Span<byte> buffer)
    {
        int count = _stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        _offset += count;
        return count;
    }

    private void Skip(long count)
    {
        Span<byte> discarded = stackalloc byte[1024];
        while (count > 0)
        {
            Span<byte> part = discarded[..(int)Math.Min(count, discarded.Length)];
            int read = Fill(part);
            count = read < part.Length ? 0 : count - read;
        }
    }

    private uint UInt32(ReadOnlySpan<byte> bytes) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static void Refuse([DoesNotReturnIf(true)] bool condition, string message)
    {
        if (condition)
        {
            throw new WavFormatException(message);
        }
    }

    // One line, whatever the bytes are.
    private static string Quote(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new("\"");
        foreach (byte value in bytes)
        {
            _ = value is >= 0x20 and < 0x7F ? text.Append((char)value) : text.Append("\\x").Append(value.ToString("X2"));
        }

        return text.Append('"').ToString();
    }
}
