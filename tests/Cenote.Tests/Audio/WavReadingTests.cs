using System.Buffers.Binary;
using System.Text;
using Cenote.Audio;
using CsCheck;

namespace Cenote.Tests.Audio;

public class WavReadingTests
{
    private const string PcmGuid = "00000001-0000-0010-8000-00AA00389B71";
    private const string FloatGuid = "00000003-0000-0010-8000-00AA00389B71";

    // 1, -2, 0x7FFF and -0x8000 in 16 bits.
    private static readonly byte[] Four = [1, 0, 0xFE, 0xFF, 0xFF, 0x7F, 0, 0x80];
    private static readonly float[] FourSamples = [1 / 32768f, -2 / 32768f, 32767 / 32768f, -1];

    private static float[] Load(byte[] file) => Waveform.Load(new MemoryStream(file)).Samples.ToArray();

    [Fact]
    public void Unsigned_8_bits_are_centred_on_128()
    {
        Assert.Equal([-1, -1 / 128f, 0, 127 / 128f], Load(WavBuilder.Simple(8, [0, 127, 128, 255])));
    }

    [Fact]
    public void Signed_16_bits_are_divided_by_2_to_the_15()
    {
        Assert.Equal(FourSamples, Load(WavBuilder.Simple(16, Four)));
    }

    [Fact]
    public void Signed_24_bits_are_divided_by_2_to_the_23()
    {
        byte[] data = [1, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0x80];

        Assert.Equal([1 / 8388608f, -2 / 8388608f, 8388607 / 8388608f, -1], Load(WavBuilder.Simple(24, data)));
    }

    [Fact]
    public void Signed_32_bits_are_rounded_to_float_then_divided_by_2_to_the_31()
    {
        byte[] data = [1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0x80];

        Assert.Equal([1 / 2147483648f, 1, -1], Load(WavBuilder.Simple(32, data)));
    }

    [Fact]
    public void Float_32_is_taken_as_it_is_even_over_range()
    {
        byte[] data = [.. BitConverter.GetBytes(2.5f), .. BitConverter.GetBytes(-1e-20f)];

        Assert.Equal([2.5f, -1e-20f], Load(WavBuilder.Simple(32, data, tag: 3)));
    }

    [Fact]
    public void Float_64_is_rounded_to_float()
    {
        byte[] data = [.. BitConverter.GetBytes(0.1), .. BitConverter.GetBytes(-1.75)];

        Assert.Equal([0.1f, -1.75f], Load(WavBuilder.Simple(64, data, tag: 3)));
    }

    [Theory]
    [InlineData(6, 0x55, -8)]
    [InlineData(6, 0xD5, 8)]
    [InlineData(6, 0x2A, -32256)]
    [InlineData(6, 0xAA, 32256)]
    [InlineData(6, 0x84, 4480)]
    [InlineData(7, 0x00, -32124)]
    [InlineData(7, 0x80, 32124)]
    [InlineData(7, 0x7F, 0)]
    [InlineData(7, 0xFF, 0)]
    [InlineData(7, 0xCE, 988)]
    public void Companded_samples_follow_G711(int tag, byte code, int expected)
    {
        Assert.Equal([expected / 32768f], Load(WavBuilder.Simple(8, [code], tag: tag)));
    }

    [Fact]
    public void Twelve_bits_have_the_value_of_their_16_bit_container()
    {
        Assert.Equal(FourSamples, Load(WavBuilder.Simple(12, Four)));
    }

    [Fact]
    public void Twenty_bits_have_the_value_of_their_24_bit_container()
    {
        Assert.Equal([0x100000 / 8388608f], Load(WavBuilder.Simple(20, [0, 0, 0x10])));
    }

    [Fact]
    public void Channels_are_averaged_by_a_sequential_float_sum_and_one_division()
    {
        byte[] data = [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(3e-8f), .. BitConverter.GetBytes(3e-8f)];

        // Each small term is lost on its own; added together first they would not be.
        Assert.Equal([1f / 3], Load(WavBuilder.Simple(32, data, channels: 3, tag: 3)));
    }

    [Fact]
    public void Stereo_is_averaged_before_resampling()
    {
        float[] mono = [.. Enumerable.Range(0, 400).Select(i => MathF.Sin(i * 0.1f) / 4)];
        byte[] stereo = [.. mono.SelectMany(x => (byte[])[.. BitConverter.GetBytes(x), .. BitConverter.GetBytes(2 * x)])];
        float[] average = [.. mono.Select(x => (x + (2 * x)) / 2)];

        Waveform wave = Waveform.Load(new MemoryStream(WavBuilder.Simple(32, stereo, channels: 2, tag: 3, rate: 8000)), sampleRate: 16000);

        Assert.Equal(Resampler.Resample(average, 8000, 16000), wave.Samples);
        Assert.Equal(16000, wave.SampleRate);
    }

    [Fact]
    public void Big_endian_files_are_read()
    {
        byte[] data = [0, 1, 0xFF, 0xFE, 0x7F, 0xFF, 0x80, 0];

        Assert.Equal(FourSamples, Load(new WavBuilder("RIFX").Format().Data(data).Build()));
        Assert.Equal(FourSamples, Load(new WavBuilder("RIFX").Extensible(16, 1, PcmGuid).Data(data).Build()));
    }

    [Fact]
    public void Extensible_formats_are_read_with_the_value_of_the_container()
    {
        Assert.Equal(FourSamples, Load(new WavBuilder().Extensible(16, 1, PcmGuid, validBits: 12).Data(Four).Build()));
        Assert.Equal([0.5f], Load(new WavBuilder().Extensible(32, 1, FloatGuid).Data(BitConverter.GetBytes(0.5f)).Build()));
    }

    [Fact]
    public void A_format_chunk_of_18_bytes_is_read()
    {
        Assert.Equal(FourSamples, Load(new WavBuilder().Format(extra: [0, 0]).Data(Four).Build()));
    }

    [Fact]
    public void Unknown_chunks_are_passed_over_wherever_they_stand()
    {
        byte[] file = new WavBuilder().Chunk("LIST", [1, 2, 3]).Format().Chunk("fact", new byte[4]).Chunk("junk", [9]).Data(Four).Chunk("id3 ", [7]).Build();

        Assert.Equal(FourSamples, Load(file));
    }

    [Fact]
    public void A_data_chunk_of_odd_size_is_padded()
    {
        byte[] file = new WavBuilder().Format(bits: 8).Data([0, 128, 255]).Chunk("LIST", [1, 2]).Build();

        Assert.Equal([-1, 0, 127 / 128f], Load(file));
    }

    [Theory]
    [InlineData(9u)]
    [InlineData(0x7FFFFFFFu)]
    [InlineData(0xFFFFFFFFu)]
    public void A_data_size_past_the_end_reads_to_the_end_without_the_partial_frame(uint size)
    {
        byte[] file = new WavBuilder().Format().Data([.. Four, 0xFF], size).Build()[..^1];

        Assert.Equal(FourSamples, Load(file));
        Assert.Equal(FourSamples, Waveform.Load(new ForwardStream(file)).Samples);
    }

    [Fact]
    public void The_size_of_an_RF64_file_stands_in_its_ds64_chunk()
    {
        WavBuilder builder = new("RF64");
        byte[] sizes = [.. builder.Number(1000, 8), .. builder.Number(8, 8), .. builder.Number(4, 8), .. builder.Number(0, 4)];
        byte[] file = builder.Chunk("ds64", sizes).Format().Data(Four, 0xFFFFFFFF).Chunk("LIST", [1, 2, 3, 4]).Build(0xFFFFFFFF);

        Assert.Equal(FourSamples, Load(file));
    }

    [Fact]
    public void Wrong_block_align_byte_rate_and_riff_size_do_not_matter()
    {
        Assert.Equal(FourSamples, Load(new WavBuilder().Format(blockAlign: 7, byteRate: 1).Data(Four).Build(riffSize: 3)));
    }

    [Fact]
    public void Trailing_bytes_do_not_matter()
    {
        Assert.Equal(FourSamples, Load(new WavBuilder().Format().Data(Four).Bytes(1, 2, 3).Build()));
        Assert.Equal(FourSamples, Load(new WavBuilder().Format().Data(Four).Bytes(new byte[77]).Build()));
    }

    [Fact]
    public void An_ID3v2_prefix_is_passed_over()
    {
        byte[] tag = [.. "ID3"u8, 4, 0, 0, 0, 0, 1, 2, .. new byte[130]];

        Assert.Equal(FourSamples, Load([.. tag, .. WavBuilder.Simple(16, Four)]));
    }

    [Fact]
    public void A_data_size_of_0_means_0_frames_whatever_follows()
    {
        Waveform wave = Waveform.Load(new MemoryStream(new WavBuilder().Format().Data(Four, size: 0).Build()), sampleRate: 16000);

        Assert.Equal(0, wave.Samples.Length);
        Assert.Equal(TimeSpan.Zero, wave.Duration);
    }

    [Fact]
    public void A_stream_is_read_from_where_it_stands_and_left_open()
    {
        MemoryStream stream = new([1, 2, 3, .. WavBuilder.Simple(16, Four)]) { Position = 3 };

        Assert.Equal(FourSamples, Waveform.Load(stream).Samples);
        Assert.True(stream.CanRead);
    }

    public static TheoryData<string, byte[], string> Refused { get; } = new()
    {
        { "empty", [], "the file is empty" },
        { "text", Encoding.UTF8.GetBytes("Hello,\nthis is a text."), "byte 0 holds \"Hell\"" },
        { "line ends", [10, 13, 10, 13], @"byte 0 holds ""\x0A\x0D\x0A\x0D""" },
        { "lower case", new WavBuilder("riff").Format().Data(Four).Build(), "byte 0 holds \"riff\"" },
        { "no wave", new WavBuilder(form: "AVI ").Format().Data(Four).Build(), "byte 8 holds \"AVI \"" },
        { "cut in the header", WavBuilder.Simple(16, Four)[..11], "ends at byte 11" },
        { "cut after the header", WavBuilder.Simple(16, Four)[..12], "ends at byte 12 without a fmt chunk" },
        { "cut in fmt", WavBuilder.Simple(16, Four)[..30], "ends at byte 30, within the fmt chunk that begins at byte 20" },
        { "no fmt", new WavBuilder().Chunk("LIST", [1, 2]).Build(), "without a fmt chunk" },
        { "no data", new WavBuilder().Format().Chunk("LIST", [1, 2]).Build(), "ends at byte 46 without a data chunk" },
        { "data first", new WavBuilder().Data(Four).Format().Build(), "the data chunk at byte 12 comes before" },
        { "two fmt", new WavBuilder().Format().Format().Data(Four).Build(), "a second fmt chunk at byte 36" },
        { "two fmt, one behind", new WavBuilder().Format().Data(Four).Format().Build(), "a second fmt chunk at byte 52" },
        { "two data", new WavBuilder().Format().Data(Four).Data(Four).Build(), "a second data chunk at byte 52" },
        { "short fmt", new WavBuilder().Chunk("fmt ", new byte[14]).Data(Four).Build(), "has 14 bytes; it needs at least 16" },
        { "0 channels", new WavBuilder().Format(channels: 0).Data(Four).Build(), "0 channels at byte 22" },
        { "65535 channels", new WavBuilder().Format(channels: 65535, blockAlign: 2).Data(Four).Build(), "65535 channels at byte 22" },
        { "rate 0", new WavBuilder().Format(rate: 0).Data(Four).Build(), "0 Hz at byte 24" },
        { "rate too large", new WavBuilder().Format(rate: 0x80000000, byteRate: 0).Data(Four).Build(), "2147483648 Hz at byte 24" },
        { "bits 0", new WavBuilder().Format(bits: 0).Data(Four).Build(), "0 bits a sample at byte 34" },
        { "bits 40", new WavBuilder().Format(bits: 40).Data(Four).Build(), "40 bits a sample at byte 34" },
        { "16 bit float", new WavBuilder().Format(tag: 3).Data(Four).Build(), "IeeeFloat samples can have 32 or 64" },
        { "unknown tag", new WavBuilder().Format(tag: 0x55).Data(Four).Build(), "format tag 0x0055 at byte 20" },
        { "unknown GUID", new WavBuilder().Extensible(16, 1, "00000001-0000-0010-8000-00AA00389B72").Data(Four).Build(), "00aa00389b72 at byte 44" },
        { "extensible without GUID", new WavBuilder().Format(tag: 0xFFFE).Data(Four).Build(), "it needs 40" },
        { "NaN", WavBuilder.Simple(32, [.. new byte[8], .. BitConverter.GetBytes(float.NaN)], tag: 3), "frame 2, at byte 52, is NaN" },
        { "infinity", WavBuilder.Simple(32, BitConverter.GetBytes(float.PositiveInfinity), tag: 3), "frame 0, at byte 44, is " },
        { "a double too large", WavBuilder.Simple(64, BitConverter.GetBytes(1e300), tag: 3), "frame 0" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_no_recording_is_refused_in_one_line_that_says_where(string what, byte[] file, string message)
    {
        WavFormatException error = Assert.Throws<WavFormatException>(() => Load(file));

        Assert.True(error.Message.Contains(message, StringComparison.Ordinal), $"{what}: {error.Message}");
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_text_file_is_refused_by_its_path()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "not a sound");

            Assert.Contains(path, Assert.Throws<WavFormatException>(() => Waveform.Load(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_directory_and_a_missing_file_are_refused_by_their_path()
    {
        string folder = Path.GetTempPath();
        string missing = Path.Combine(folder, "no such recording.wav");

        Assert.Contains("is a directory", Assert.Throws<IOException>(() => Waveform.Load(folder)).Message, StringComparison.Ordinal);
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => Waveform.Load(missing));
        Assert.Equal($"'{missing}' does not exist; a WAV file is needed.", error.Message);
        Assert.Equal(missing, error.FileName);
        string nowhere = Path.Combine(folder, "no such folder", "recording.wav");
        Assert.Equal(
            $"'{nowhere}' does not exist; a WAV file is needed.",
            Assert.Throws<DirectoryNotFoundException>(() => Waveform.Load(nowhere)).Message);
    }

    [Theory]
    [InlineData(0x7FFFFFFEu)]
    [InlineData(0xFFFFFFFFu)]
    public void Memory_follows_the_bytes_that_are_there_and_not_the_header(uint claimed)
    {
        byte[] file = new WavBuilder().Format().Data(Four, claimed).Build();

        Assert.InRange(Allocation.Least(() => Waveform.Load(new MemoryStream(file))), 1, 100_000);
        Assert.InRange(Allocation.Least(() => Waveform.Load(new ForwardStream(file))), 1, 300_000);
    }

    [Fact]
    public void Stereo_takes_no_more_memory_than_its_mono_samples()
    {
        byte[] file = WavBuilder.Simple(16, new byte[8_000_000], channels: 2);

        Assert.InRange(Allocation.Least(() => Waveform.Load(new MemoryStream(file))), 8_000_000, 8_200_000);
    }

    [Fact]
    public void A_chunk_that_lies_about_its_size_is_not_allocated()
    {
        byte[] file = new WavBuilder().Chunk("fmt ", new byte[16], size: 0xFFFFFFF0).Build();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(16), 0xFFFFFFF0);

        Assert.InRange(Allocation.Least(() => Assert.Throws<WavFormatException>(() => Load(file))), 1, 100_000);
    }

    [Fact]
    public void Whatever_the_header_says_the_file_is_read_or_refused()
    {
        byte[] file = new WavBuilder().Chunk("LIST", [1]).Extensible(16, 2, PcmGuid).Data([.. Four, .. Four]).Chunk("id3 ", [1, 2]).Build();
        Gen.Select(Gen.Int[0, file.Length - 1], Gen.Byte).Array[1, 4].Select(Gen.Int[0, file.Length]).Sample(
            (changes, length) =>
            {
                byte[] changed = [.. file];
                foreach ((int at, byte value) in changes)
                {
                    changed[at] = value;
                }

                try
                {
                    return Load(changed[..length]).All(float.IsFinite);
                }
                catch (WavFormatException error)
                {
                    return !error.Message.Contains('\n', StringComparison.Ordinal);
                }
            },
            iter: 20_000);
    }

    // A pipe: it cannot seek, and gives a few bytes at a time.
    private sealed class ForwardStream(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 7)]);
    }
}
