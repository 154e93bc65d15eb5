using System.Globalization;
using System.Numerics.Tensors;

namespace Cenote.Audio;

/// <summary>A mono recording: float32 samples at one sample rate. It never changes, and every sample is a finite number.</summary>
public sealed class Waveform
{
    private readonly ReadOnlyMemory<float> _samples;

    /// <summary>A waveform from samples, which are copied.</summary>
    /// <param name="samples">The samples in order of time, full scale being [-1, 1]; beyond it is kept as it is. None is allowed: a
    /// waveform may be empty.</param>
    /// <param name="sampleRate">Samples a second, 1 or more. There is no default: the samples do not tell it.</param>
    /// <exception cref="ArgumentException">A sample is NaN or infinite, or <paramref name="sampleRate"/> is under 1.</exception>
    public Waveform(ReadOnlySpan<float> samples, int sampleRate)
        : this((ReadOnlyMemory<float>)samples.ToArray(), sampleRate)
    {
        Require.Positive(sampleRate);
        if (!samples.IsEmpty && !TensorPrimitives.IsFiniteAll(samples))
        {
            throw new ArgumentException("Every sample must be a finite number; one is NaN or infinite.", nameof(samples));
        }
    }

    private Waveform(ReadOnlyMemory<float> samples, int sampleRate)
    {
        _samples = samples;
        SampleRate = sampleRate;
    }

    /// <summary>The samples in order of time; full scale is [-1, 1].</summary>
    public ReadOnlySpan<float> Samples => _samples.Span;

    /// <summary>Samples a second.</summary>
    public int SampleRate { get; }

    /// <summary>The length in time: the number of samples over the rate.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds(_samples.Length / (double)SampleRate);

    /// <summary>Reads a WAV file to mono, at the rate asked for.</summary>
    /// <remarks>
    /// RIFF, RIFX and RF64; 8 to 32 bit PCM, 32 and 64 bit float, A-law and mu-law; any number of channels, averaged before resampling.
    /// The numbers are librosa.load's. A data size that the file does not hold is read to the end.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="sampleRate">Samples a second to resample to; by default the file's own, so that nothing is changed unasked (librosa's
    /// default is 22050).</param>
    /// <returns>The recording, one channel of float32; of a file without samples an empty one.</returns>
    /// <exception cref="WavFormatException">The file is not a WAV recording that can be read, or holds NaN or infinity.</exception>
    /// <exception cref="IOException">The file is missing, is a directory, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty, or <paramref name="sampleRate"/> is under 1, or over 1024 times
    /// smaller or larger than the file's rate, or gives more samples than an array can hold, or samples beyond float32.</exception>
    public static Waveform Load(string path, int? sampleRate = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new IOException($"'{path}' is a directory; a WAV file is needed.");
        }

        using FileStream stream = Open(path);
        try
        {
            return Load(stream, sampleRate);
        }
        catch (WavFormatException error)
        {
            throw new WavFormatException($"'{path}': {error.Message}", error);
        }
    }

    /// <summary>Reads a WAV stream, from where it stands to its end, to mono, at the rate asked for. The stream is left open.</summary>
    /// <param name="stream">The stream; it need not seek.</param>
    /// <param name="sampleRate">Samples a second to resample to; by default the recording's own.</param>
    /// <returns>The recording, one channel of float32.</returns>
    /// <exception cref="WavFormatException">The stream is not a WAV recording that can be read, or holds NaN or infinity.</exception>
    /// <exception cref="ArgumentException"><paramref name="sampleRate"/> is under 1, or over 1024 times smaller or larger than the
    /// recording's rate, or gives more samples than an array can hold, or samples beyond float32.</exception>
    public static Waveform Load(Stream stream, int? sampleRate = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (sampleRate is { } rate)
        {
            Require.Positive(rate, nameof(sampleRate));
        }

        (float[] samples, int ownRate) = WavReader.Read(stream);
        Waveform wave = new((ReadOnlyMemory<float>)samples, ownRate);
        return wave.Resample(sampleRate ?? ownRate);
    }

    /// <summary>The same recording at another rate; at its own rate, itself.</summary>
    /// <param name="sampleRate">Samples a second, 1 or more, and within a factor of 1024 of the present rate.</param>
    /// <returns><c>ceil(samples * (sampleRate / rate))</c> samples, see <see cref="Resampler"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="sampleRate"/> is outside that range, or gives more samples than an array can hold
    /// or samples beyond float32: filters overshoot, and what is near its end does not fit.</exception>
    public Waveform Resample(int sampleRate)
    {
        if (sampleRate == SampleRate)
        {
            return this;
        }

        float[] resampled = Resampler.Resample(Samples, SampleRate, sampleRate);
        if (resampled.Length > 0 && !TensorPrimitives.IsFiniteAll<float>(resampled))
        {
            float peak = Math.Abs(TensorPrimitives.MaxMagnitude(Samples));
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"sampleRate {sampleRate} gives samples beyond float32, for filters overshoot; with a peak of {peak} scale the recording down first."),
                nameof(sampleRate));
        }

        return new Waveform((ReadOnlyMemory<float>)resampled, sampleRate);
    }

    /// <summary>The part between two times, without a copy: numpy's <c>y[int(start * rate):int(end * rate)]</c>.</summary>
    /// <param name="startSeconds">The first moment, in seconds from the beginning, 0 or more; past the end gives an empty waveform.</param>
    /// <param name="endSeconds">The moment after the last, in seconds, not before the start; past the end, as by default, gives what there
    /// is.</param>
    /// <returns>The part, at the same rate.</returns>
    /// <exception cref="ArgumentException">A time is NaN, the start is negative, or the end comes before the start.</exception>
    public Waveform Slice(double startSeconds, double endSeconds = double.PositiveInfinity)
    {
        // Written so that NaN fails too.
        if (!(startSeconds >= 0))
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The start must be 0 seconds or more; it is {startSeconds}."), nameof(startSeconds));
        }

        if (!(endSeconds >= startSeconds))
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The end must not come before the start, {startSeconds} seconds; it is {endSeconds}."),
                nameof(endSeconds));
        }

        int start = IndexAt(startSeconds);
        return new Waveform(_samples[start..IndexAt(endSeconds)], SampleRate);
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (FileNotFoundException error)
        {
            throw new FileNotFoundException(Missing(), path, error);
        }
        catch (DirectoryNotFoundException error)
        {
            throw new DirectoryNotFoundException(Missing(), error);
        }

        string Missing() => $"'{path}' does not exist; a WAV file is needed.";
    }

    private int IndexAt(double seconds) => (int)Math.Min(seconds * SampleRate, _samples.Length);
}
