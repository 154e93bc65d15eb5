using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Cenote.Audio;

/// <summary>From a waveform to its spectrogram, and on to decibels: librosa's functions and librosa's numbers.</summary>
public static class Spectrum
{
    // What a thread takes at a time: enough that handing out costs nothing, and few enough that threads end together.
    private const int BlockFrames = 64;

    // Fewer samples in all frames than this are transformed sooner than another thread is awake.
    private const long SmallWork = 1 << 17;

    // Values that are handled one by one are taken so many at a time, and on several threads from so many blocks on.
    private const int BlockLength = 4096;
    private const int SmallBlocks = 16;

    /// <summary>The short-time Fourier transform: the spectrum of every frame of <paramref name="nFft"/> samples, a hop apart.</summary>
    /// <remarks>
    /// Shape <c>(1 + nFft / 2, frames)</c>: rows are frequencies <c>row * rate / nFft</c>, columns are moments <c>column * hop / rate</c>;
    /// <c>frames = 1 + (samples + padding - nFft) / hop</c>. Float32 samples, a float64 window and transform, each value rounded once.
    /// Formula and defaults of librosa.stft. Any <paramref name="nFft"/> works; small prime factors are fastest.
    /// </remarks>
    /// <param name="wave">The recording. An empty one gives one frame of zeros where frames are centred and <paramref name="nFft"/> is even.</param>
    /// <param name="nFft">Samples a frame, 1 or more. The default suits music at 22 kHz; for speech at 16 kHz take 512.</param>
    /// <param name="hopLength">Samples from a frame to the next, 1 or more; by default a quarter of the window, at which Hann windows add
    /// up evenly.</param>
    /// <param name="winLength">Samples the window spans, 1 to <paramref name="nFft"/>; a shorter one stands in the middle of zeros. By
    /// default the whole frame.</param>
    /// <param name="window">The taper; by default <see cref="WindowFunction.Hann"/>.</param>
    /// <param name="center">Whether frame k is centred on sample <c>k * hop</c>, with <c>nFft / 2</c> zeros before and after; else it
    /// begins there.</param>
    /// <returns>One complex number for every frequency and frame, of shape <c>(1 + nFft / 2, frames)</c>; infinite where float32 cannot hold
    /// it, and never NaN while samples are finite.</returns>
    /// <exception cref="ArgumentException">A length is out of its range, the padded recording is shorter than a frame, or the result is
    /// larger than an array can be.</exception>
    public static Tensor<Complex64> Stft(
        Waveform wave, int nFft = 2048, int? hopLength = null, int? winLength = null, WindowFunction? window = null, bool center = true)
    {
        nint[] shape = StftShape(wave, nFft, hopLength, winLength, center);
        int windowLength = winLength ?? nFft;
        double[] weights = new double[nFft];
        (window ?? WindowFunction.Hann).Weights(windowLength).CopyTo(weights, (nFft - windowLength) / 2);

        // Every value is written: to clear them first would cost a fifth of the transform.
        Complex64[] values = GC.AllocateUninitializedArray<Complex64>((int)(shape[0] * shape[1]));
        Transform(wave.Samples, new RealFft(weights), Hop(hopLength, windowLength), Padding(nFft, center), (int)shape[1], values);
        return Tensor.Create(values, shape);
    }

    /// <summary>The shape that <see cref="Stft"/> gives, and its refusals, without the work.</summary>
    /// <param name="wave">The recording.</param>
    /// <param name="nFft">As in <see cref="Stft"/>, like all that follow.</param>
    /// <param name="hopLength">Samples from a frame to the next.</param>
    /// <param name="winLength">Samples the window spans.</param>
    /// <param name="center">Whether frames are centred.</param>
    /// <returns><c>[1 + nFft / 2, frames]</c>.</returns>
    /// <exception cref="ArgumentException">As in <see cref="Stft"/>.</exception>
    public static nint[] StftShape(Waveform wave, int nFft = 2048, int? hopLength = null, int? winLength = null, bool center = true)
    {
        ArgumentNullException.ThrowIfNull(wave);
        Require.Positive(nFft);
        int windowLength = winLength ?? nFft;
        Require.Positive(windowLength, nameof(winLength));
        if (windowLength > nFft)
        {
            throw new ArgumentException($"winLength must be at most nFft, {nFft}; it is {windowLength}.", nameof(winLength));
        }

        int hop = Hop(hopLength, windowLength);
        Require.Positive(hop, nameof(hopLength));
        int samples = wave.Samples.Length;
        long surplus = samples + (2L * Padding(nFft, center)) - nFft;
        if (surplus < 0)
        {
            throw new ArgumentException($"wave must fill a frame of nFft, {nFft}, samples; it has {samples}.", nameof(wave));
        }

        long frames = 1 + (surplus / hop);
        int bins = 1 + (nFft / 2);
        if (frames * bins > Array.MaxLength)
        {
            throw new ArgumentException(
                $"hopLength {hop} makes {bins} x {frames} values; at most {Array.MaxLength} can be held.", nameof(hopLength));
        }

        return [bins, (nint)frames];
    }

    /// <summary>The absolute value of every complex number, rounded once.</summary>
    /// <param name="spectrum">A spectrogram of any shape, as <see cref="Stft"/> gives it.</param>
    /// <returns>The amplitudes, of the same shape; NaN where a part is NaN.</returns>
    public static Tensor<float> Magnitude(Tensor<Complex64> spectrum)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        ReadOnlySpan<Complex64> values = Flat(spectrum);
        float[] magnitudes = GC.AllocateUninitializedArray<float>(values.Length);
        unsafe
        {
            fixed (Complex64* pinned = values)
            {
                Complex64* first = pinned;
                InBlocks(magnitudes.Length, (_, range) =>
                    Magnitudes(new(first + range.Start.Value, range.End.Value - range.Start.Value), magnitudes.AsSpan(range)));
            }
        }

        return Tensor.Create(magnitudes, spectrum.Lengths);
    }

    /// <summary>
    /// Decibels: <c>20 log10(magnitude / reference)</c>, nothing taken for smaller than <paramref name="amin"/>, and a floor below the
    /// loudest.
    /// </summary>
    /// <remarks>The formula and the rounding points of librosa.amplitude_to_db: squared in float32, then <c>10 log10</c>.</remarks>
    /// <param name="magnitude">Amplitudes of any shape.</param>
    /// <param name="reference">The amplitude that is 0 dB. The default 1 is full scale; give <c>Tensor.Max(magnitude)</c> to have the
    /// loudest at 0 dB.</param>
    /// <param name="amin">The smallest amplitude told from silence, over 0 and at most 1.8e19, for float32 holds its square. At the default
    /// 1e-5 silence is -100 dB.</param>
    /// <param name="topDb">No value stays more than this under the largest, in dB, 0 or more; null for no floor. The default 80 hides noise
    /// nobody hears.</param>
    /// <returns>Decibels, of the same shape. A NaN makes the whole result NaN, and an infinite amplitude the whole result infinite, unless
    /// <paramref name="topDb"/> is null: then only its own value.</returns>
    /// <exception cref="ArgumentException"><paramref name="amin"/> is not above 0 or over 1.8e19, <paramref name="topDb"/> is negative, or one
    /// of the numbers is NaN.</exception>
    public static Tensor<float> AmplitudeToDb(Tensor<float> magnitude, float reference = 1f, double amin = 1e-5, float? topDb = 80f)
    {
        ArgumentNullException.ThrowIfNull(magnitude);
        if (float.IsNaN(reference))
        {
            throw new ArgumentException("reference must be a number; it is NaN.", nameof(reference));
        }

        if (!(amin > 0 && float.IsFinite((float)(amin * amin))))
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"amin must be above 0, and at most 1.8e19, whose square float32 holds; it is {amin}."),
                nameof(amin));
        }

        if (topDb is { } top && !(top >= 0))
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"topDb must be 0 or more, or null; it is {top}."), nameof(topDb));
        }

        ReadOnlySpan<float> amplitudes = Flat(magnitude);
        float[] db = GC.AllocateUninitializedArray<float>(amplitudes.Length);
        float[] loudest = new float[Blocks(db.Length)];
        Span<float> zeroDb = stackalloc float[1];
        PowerInDb([reference], amin, zeroDb);
        float zero = zeroDb[0];
        unsafe
        {
            fixed (float* pinned = amplitudes)
            {
                float* first = pinned;
                InBlocks(db.Length, (block, range) =>
                {
                    Span<float> part = db.AsSpan(range);
                    PowerInDb(new(first + range.Start.Value, part.Length), amin, part);
                    TensorPrimitives.Subtract(part, zero, part);
                    loudest[block] = TensorPrimitives.Max<float>(part);
                });
            }
        }

        if (topDb is { } decibels && db.Length > 0)
        {
            float floor = TensorPrimitives.Max<float>(loudest) - decibels;
            InBlocks(db.Length, (_, range) => TensorPrimitives.Max(db.AsSpan(range), floor, db.AsSpan(range)));
        }

        return Tensor.Create(db, magnitude.Lengths);
    }

    private static int Hop(int? hopLength, int windowLength) => hopLength ?? Math.Max(1, windowLength / 4);

    private static int Padding(int nFft, bool center) => center ? nFft / 2 : 0;

    private static void PowerInDb(ReadOnlySpan<float> amplitudes, double amin, Span<float> db)
    {
        TensorPrimitives.Multiply(amplitudes, amplitudes, db);
        TensorPrimitives.Max(db, (float)(amin * amin), db);
        TensorPrimitives.Log10(db, db);
        TensorPrimitives.Multiply(db, 10f, db);
    }

    // As many at a time as a vector of float has lanes: two vectors of double.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Magnitudes(ReadOnlySpan<Complex64> values, Span<float> magnitudes)
    {
        int lanes = Vector<double>.Count, k = 0;
        fixed (Complex64* pinned = values)
        {
            for (; k <= values.Length - (2 * lanes); k += 2 * lanes)
            {
                Vector<double> low = ComplexLanes.Load((float*)(pinned + k), hop: 2).Magnitude;
                Vector<double> high = ComplexLanes.Load((float*)(pinned + k + lanes), hop: 2).Magnitude;
                Vector.Narrow(low, high).CopyTo(magnitudes[k..]);
            }
        }

        for (; k < values.Length; k++)
        {
            magnitudes[k] = values[k].Magnitude;
        }
    }

    private static int Blocks(int length) => (int)((length + BlockLength - 1L) / BlockLength);

    // Blocks stay in the nearest cache from one operation on them to the next.
    private static void InBlocks(int length, Action<int, Range> run)
    {
        int blocks = Blocks(length);
        if (blocks < SmallBlocks)
        {
            for (int block = 0; block < blocks; block++)
            {
                Run(block);
            }

            return;
        }

        Parallel.For(0, blocks, Run);

        void Run(int block) => run(block, (block * BlockLength)..(int)Math.Min(length, (block + 1L) * BlockLength));
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
