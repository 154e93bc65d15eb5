// How fast the audio front end is, beside what bounds it, and how much memory it takes.
// Run it alone: `dotnet run -c Release --project benchmarks/Audio.Throughput`. Under a minute.
using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics.Tensors;
using Cenote.Audio;

const int Hour = 3600;
float[] speech = Noise(30 * 16000);
Waveform wave = new(speech, 16000);

// Nothing that makes a new array of a result is faster than a copy of the result to a new array.
Console.WriteLine("30 s at 16 kHz, n_fft 512, hop 256; best of many");
Tensor<Complex64> stft = Spectrum.Stft(wave, 512, 256);
Tensor<float> magnitude = Spectrum.Magnitude(stft);
Print("STFT", 400, () => Spectrum.Stft(wave, 512, 256), stft);
Print("Magnitude", 400, () => Spectrum.Magnitude(stft), magnitude);
Print("Decibels", 400, () => Spectrum.AmplitudeToDb(magnitude), magnitude);

Console.WriteLine();
Console.WriteLine("STFT of other sizes");
foreach ((int nFft, int hop) in new[] { (400, 160), (1024, 256), (2048, 512), (509, 256) })
{
    Print($"{nFft} / {hop}", 60, () => Spectrum.Stft(wave, nFft, hop), Spectrum.Stft(wave, nFft, hop));
}

Console.WriteLine();
Console.WriteLine("Resampling a minute; the multiple is of a plain sum over the 561 taps that 44.1 kHz to 16 kHz needs first");
float[] minute = Noise(60 * 44100);
double taps = Best(3, () => PlainSum(minute.AsSpan(0, minute.Length / 10))) * 10;
foreach (int rate in new[] { 16000, 22050, 48000, 44101 })
{
    double milliseconds = Best(5, () => Resampler.Resample(minute, 44100, rate));
    Console.WriteLine($"44.1 kHz to {rate} Hz:   {60_000 / milliseconds,6:F0} x real time, {milliseconds / taps:F2} of the sum's time");
}

Console.WriteLine();
string path = Path.GetTempFileName();
try
{
    WriteStereo(path);
    double reading = Best(1, () => File.ReadAllBytes(path));
    long before = GC.GetTotalAllocatedBytes(precise: true);
    Stopwatch watch = Stopwatch.StartNew();
    Waveform hour = Waveform.Load(path, sampleRate: 16000);
    watch.Stop();
    double allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
    double size = new FileInfo(path).Length;
    Console.WriteLine(
        $"An hour of 44.1 kHz stereo to 16 kHz: {watch.Elapsed.TotalSeconds:F1} s, {Hour / watch.Elapsed.TotalSeconds:F0} x real time, " +
        $"{watch.Elapsed.TotalMilliseconds / reading:F1} x reading the file; {allocated / 1e6:F0} MB allocated in all, " +
        $"{allocated / size:F2} of the file's {size / 1e6:F0} MB; {hour.Duration}");
}
finally
{
    File.Delete(path);
}

static void Print<T, TCopy>(string name, int runs, Func<Tensor<T>> action, Tensor<TCopy> result)
{
    TCopy[] values = new TCopy[result.FlattenedLength];
    double copy = Best(runs, () => values.AsSpan().ToArray()), milliseconds = Best(runs, action);
    Console.WriteLine($"{name,-12} {milliseconds,6:F3} ms, {milliseconds / copy,5:F1} x copying the result ({copy:F3} ms)");
}

static float PlainSum(ReadOnlySpan<float> samples)
{
    const int Taps = 561;
    float sum = 0;
    for (int start = 0; start + Taps <= samples.Length; start++)
    {
        sum += TensorPrimitives.Dot(samples.Slice(start, Taps), samples[..Taps]);
    }

    return sum;
}

static float[] Noise(int length)
{
    Random random = new(1);
    return [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
}

static double Best<T>(int runs, Func<T> action)
{
    double best = double.MaxValue;
    for (int run = 0; run < runs; run++)
    {
        long start = Stopwatch.GetTimestamp();
        GC.KeepAlive(action());
        best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    return best;
}

static void WriteStereo(string path)
{
    using FileStream file = File.Create(path);
    byte[] second = new byte[44100 * 4];
    new Random(1).NextBytes(second);
    byte[] header = new byte[44];
    "RIFF"u8.CopyTo(header);
    "WAVEfmt "u8.CopyTo(header.AsSpan(8));
    BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), 16);
    BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(20), 1);
    BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(22), 2);
    BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), 44100);
    BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(34), 16);
    "data"u8.CopyTo(header.AsSpan(36));
    BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), second.Length * Hour);
    file.Write(header);
    for (int i = 0; i < Hour; i++)
    {
        file.Write(second);
    }
}
