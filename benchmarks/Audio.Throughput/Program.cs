// How fast the audio front end is, and how much memory it takes.
// Run it alone: `dotnet run -c Release --project benchmarks/Audio.Throughput`.
using System.Buffers.Binary;
using System.Diagnostics;
using Cenote.Audio;

const int Hour = 3600;
float[] speech = Noise(30 * 16000);
Waveform wave = new(speech, 16000);

Console.WriteLine($"STFT of 30 s at 16 kHz, 512 / 256:   {Best(200, () => Spectrum.Stft(wave, 512, 256)):F2} ms");
Console.WriteLine($"STFT of 30 s at 16 kHz, 400 / 160:   {Best(100, () => Spectrum.Stft(wave, 400, 160)):F2} ms");
Console.WriteLine($"STFT of 30 s at 16 kHz, 509 / 256:   {Best(20, () => Spectrum.Stft(wave, 509, 256)):F2} ms");
var stft = Spectrum.Stft(wave, 512, 256);
Console.WriteLine($"Magnitude of it:                     {Best(100, () => Spectrum.Magnitude(stft)):F2} ms");
var magnitude = Spectrum.Magnitude(stft);
Console.WriteLine($"Decibels of it:                      {Best(100, () => Spectrum.AmplitudeToDb(magnitude)):F2} ms");

float[] minute = Noise(60 * 44100);
foreach (int rate in new[] { 16000, 22050, 48000, 44101 })
{
    double milliseconds = Best(3, () => Resampler.Resample(minute, 44100, rate));
    Console.WriteLine($"44.1 kHz to {rate} Hz, one core:      {60_000 / milliseconds:F0} x real time");
}

string path = Path.GetTempFileName();
try
{
    WriteStereo(path);
    long before = GC.GetTotalAllocatedBytes(precise: true);
    Stopwatch watch = Stopwatch.StartNew();
    Waveform hour = Waveform.Load(path, sampleRate: 16000);
    watch.Stop();
    double allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
    double size = new FileInfo(path).Length;
    Console.WriteLine(
        $"An hour of 44.1 kHz stereo to 16 kHz: {watch.Elapsed.TotalSeconds:F1} s, {Hour / watch.Elapsed.TotalSeconds:F0} x real time; " +
        $"{allocated / 1e6:F0} MB allocated in all, {allocated / size:F2} of the file's {size / 1e6:F0} MB; " +
        $"peak working set {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB; {hour.Duration}");
}
finally
{
    File.Delete(path);
}

static float[] Noise(int length)
{
    Random random = new(1);
    return [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
}

static double Best(int runs, Action action)
{
    double best = double.MaxValue;
    for (int run = 0; run < runs; run++)
    {
        long start = Stopwatch.GetTimestamp();
        action();
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
