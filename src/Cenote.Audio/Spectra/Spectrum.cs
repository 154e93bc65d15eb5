using System.Numerics.Tensors;

namespace Cenote.Audio;

/// <summary>From a waveform to its spectrogram, and on to decibels: librosa's functions and librosa's numbers.</summary>
public static class Spectrum
{
    // What a thread takes at a time: enough that handing out costs nothing, and few enough that threads end together.
    private const int BlockFrames = 64;

    // Fewer samples in all frames than this are transformed sooner than another thread is awake.
    private const long SmallWork = 1 << 17;

    /// <summary>The short-time Fourier transform: the spectrum of every frame of <paramref name="nFft"/> samples, a hop apart.</summary>
    /// <remarks>
    /// Shape <c>(1 + nFft / 2, frames)</c>: rows are frequencies <c>row * rate / nFft</c>, columns are moments <c>column * hop / rate</c>;
    /// <c>frames = 1 + (samples + padding - nFft) / hop</c>. Float32 samples, a float64 window and transform, each value rounded once.
    /// Formula and defaults of librosa.stft. Any <paramref name="nFft"/> works; small prime factors are fastest.
    /// </remarks>
    /// <param name="wave">The recording. An empty one gives one frame of zeros.</param>
    /// <param name="nFft">Samples a frame, 1 or more. The default suits music at 22 kHz; for speech at 16 kHz take 512.</param>
    /// <param name="hopLength">Samples from a frame to the next, 1 or more; by default a quarter of the window, at which Hann windows add
    /// up evenly.</param>
    /// <param name="winLength">Samples the window spans, 1 to <paramref name="nFft"/>; a shorter one stands in the middle of zeros. By
    /// default the whole frame.</param>
    /// <param name="window">The taper; by default <see cref="WindowFunction.Hann"/>.</param>
    /// <param name="center">Whether frame k is centred on sample <c>k * hop</c>, with <c>nFft / 2</c> zeros before and after; else it
    /// begins there.</param>
    /// <exception cref="ArgumentException">A length is out of its range, the padded recording is shorter than a frame, or the result is
    /// larger than an array can be.</exception>
    public static Tensor<Complex64> Stft(
        Waveform wave, int nFft = 2048, int? hopLength = null, int? winLength = null, WindowFunction? window = null, bool center = true)
    {
        ArgumentNullException.ThrowIfNull(wave);
        Require.Positive(nFft);
        int windowLength = winLength ?? nFft;
        Require.Positive(windowLength, nameof(winLength));
        if (windowLength > nFft)
        {
            throw new ArgumentException($"winLength must be at most nFft, {nFft}; it is {windowLength}.", nameof(winLength));
        }

        int hop = hopLength ?? Math.Max(1, windowLength / 4);
        Require.Positive(hop, nameof(hopLength));
        ReadOnlySpan<float> samples = wave.Samples;
        int padding = center ? nFft / 2 : 0;
        long surplus = samples.Length + (2L * padding) - nFft;
        if (surplus < 0)
        {
            throw new ArgumentException($"wave must fill a frame of nFft, {nFft}, samples; it has {samples.Length}.", nameof(wave));
        }

        long frames = 1 + (surplus / hop);
        int bins = 1 + (nFft / 2);
        if (frames * bins > Array.MaxLength)
        {
            throw new ArgumentException(
                $"hopLength {hop} makes {bins} x {frames} values; at most {Array.MaxLength} can be held.", nameof(hopLength));
        }

        // Every value is written: to clear them first would cost a fifth of the transform.
        Complex64[] values = GC.AllocateUninitializedArray<Complex64>((int)(frames * bins));
        double[] weights = new double[nFft];
        (window ?? WindowFunction.Hann).Weights(windowLength).CopyTo(weights, (nFft - windowLength) / 2);
        Transform(samples, new RealFft(weights), hop, padding, (int)frames, values);
        return Tensor.Create(values, [bins, (nint)frames]);
    }

    /// <summary>The absolute value of every complex number, rounded once.</summary>
    /// <param name="spectrum">A spectrogram of any shape, as <see cref="Stft"/> gives it; the result has the same. NaN stays NaN.</param>
    public static Tensor<float> Magnitude(Tensor<Complex64> spectrum)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        ReadOnlySpan<Complex64> values = Flat(spectrum);
        float[] magnitudes = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            magnitudes[i] = values[i].Magnitude;
        }

        return Tensor.Create(magnitudes, spectrum.Lengths);
    }

    /// <summary>
    /// Decibels: <c>20 log10(magnitude / reference)</c>, nothing taken for smaller than <paramref name="amin"/>, and a floor below the
    /// loudest.
    /// </summary>
    /// <remarks>The formula and the rounding points of librosa.amplitude_to_db: squared in float32, then <c>10 log10</c>.</remarks>
    /// <param name="magnitude">Amplitudes of any shape; the result has the same. A NaN makes the whole result NaN, unless
    /// <paramref name="topDb"/> is null.</param>
    /// <param name="reference">The amplitude that is 0 dB. The default 1 is full scale; give <c>Tensor.Max(magnitude)</c> to have the
    /// loudest at 0 dB.</param>
    /// <param name="amin">The smallest amplitude told from silence, over 0. At the default 1e-5 silence is -100 dB.</param>
    /// <param name="topDb">No value stays more than this under the largest, in dB, 0 or more; null for no floor. The default 80 hides noise
    /// nobody hears.</param>
    /// <exception cref="ArgumentException"><paramref name="amin"/> is not above 0, <paramref name="topDb"/> is negative, or one of the
    /// numbers is NaN.</exception>
    public static Tensor<float> AmplitudeToDb(Tensor<float> magnitude, float reference = 1f, double amin = 1e-5, float? topDb = 80f)
    {
        ArgumentNullException.ThrowIfNull(magnitude);
        if (float.IsNaN(reference))
        {
            throw new ArgumentException("reference must be a number; it is NaN.", nameof(reference));
        }

        if (!(amin > 0))
        {
            throw new ArgumentException($"amin must be above 0; it is {amin}.", nameof(amin));
        }

        if (topDb is { } top && !(top >= 0))
        {
            throw new ArgumentException($"topDb must be 0 or more, or null; it is {top}.", nameof(topDb));
        }

        float[] db = new float[magnitude.FlattenedLength];
        PowerInDb(Flat(magnitude), amin, db);
        Span<float> zeroDb = stackalloc float[1];
        PowerInDb([reference], amin, zeroDb);
        TensorPrimitives.Subtract(db, zeroDb[0], db);
        if (topDb is { } range && db.Length > 0)
        {
            TensorPrimitives.Max(db, TensorPrimitives.Max<float>(db) - range, db);
        }

        return Tensor.Create(db, magnitude.Lengths);
    }

    private static void PowerInDb(ReadOnlySpan<float> amplitudes, double amin, Span<float> db)
    {
        TensorPrimitives.Multiply(amplitudes, amplitudes, db);
        TensorPrimitives.Max(db, (float)(amin * amin), db);
        TensorPrimitives.Log10(db, db);
        TensorPrimitives.Multiply(db, 10f, db);
    }

    // The tensor's own memory where it is in one piece: FlattenTo copies value by value.
    private static ReadOnlySpan<T> Flat<T>(Tensor<T> tensor)
    {
        if (tensor.IsEmpty)
        {
            return [];
        }

        if (tensor.IsDense && tensor.TryGetSpan(new nint[tensor.Rank], (int)tensor.FlattenedLength, out ReadOnlySpan<T> values))
        {
            return values;
        }

        T[] copy = new T[tensor.FlattenedLength];
        tensor.FlattenTo(copy);
        return copy;
    }

    private static unsafe void Transform(ReadOnlySpan<float> samples, RealFft fft, int hop, int padding, int frames, Complex64[] values)
    {
        // Pointers, for a lambda cannot hold a span.
        fixed (float* pinnedSamples = samples)
        fixed (Complex64* pinnedValues = values)
        {
            float* input = pinnedSamples;
            Complex64* output = pinnedValues;
            int length = samples.Length;
            if ((long)frames * fft.Length < SmallWork)
            {
                using FrameTransform alone = new(fft, hop, padding);
                alone.Run(samples, 0, frames, output, frames);
                return;
            }

            Parallel.For(
                0,
                (frames + BlockFrames - 1) / BlockFrames,
                () => new FrameTransform(fft, hop, padding),
                (block, _, own) =>
                {
                    int first = block * BlockFrames;
                    own.Run(new(input, length), first, Math.Min(frames, first + BlockFrames), output, frames);
                    return own;
                },
                own => own.Dispose());
        }
    }
}
