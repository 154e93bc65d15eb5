using System.Numerics;

namespace Cenote.Audio;

/// <summary>What a thread needs to transform frames of a recording, as many at a time as a vector has lanes.</summary>
/// <param name="fft">The transform, which threads share.</param>
/// <param name="hop">Samples from a frame to the next.</param>
/// <param name="padding">Zeros before the first sample.</param>
internal sealed unsafe class FrameTransform(RealFft fft, int hop, int padding) : IDisposable
{
    private readonly LaneMemory _scratch = new(fft.ScratchLength);

    // Frames side by side, for where they reach over the ends; and one sample that a frame of one may read.
    private readonly float[] _bordered = new float[(Vector<double>.Count * fft.Length) + 1];
    private readonly Complex64[] _narrow = new Complex64[Vector<double>.Count * fft.Bins];

    public void Dispose() => _scratch.Dispose();

    /// <summary>Transforms some of all frames, each to its column of <paramref name="values"/>; rows are frequencies.</summary>
    public void Run(ReadOnlySpan<float> samples, int first, int end, Complex64* values, int frames)
    {
        int lanes = Vector<double>.Count;
        fixed (float* inside = samples, bordered = _bordered)
        fixed (Complex64* narrow = _narrow)
        {
            for (; first < end; first += lanes)
            {
                int count = Math.Min(lanes, end - first);
                long start = ((long)first * hop) - padding;
                bool isInside = count == lanes && start >= 0 && start + ((lanes - 1L) * hop) + fft.Length < samples.Length;
                if (!isInside)
                {
                    CopyFrames(samples, start, count);
                }

                float* input = isInside ? inside + start : bordered;
                int step = isInside ? hop : fft.Length;
                if (count == lanes)
                {
                    fft.Transform(input, step, _scratch.Start, values + first, frames);
                    continue;
                }

                fft.Transform(input, step, _scratch.Start, narrow, lanes);
                for (int bin = 0; bin < fft.Bins; bin++)
                {
                    new ReadOnlySpan<Complex64>(narrow + (bin * lanes), count).CopyTo(new(values + ((nint)bin * frames) + first, count));
                }
            }
        }
    }

    // The samples there are, among zeros; lanes without a frame hold none.
    private void CopyFrames(ReadOnlySpan<float> samples, long start, int count)
    {
        Array.Clear(_bordered);
        for (int lane = 0; lane < count; lane++, start += hop)
        {
            int from = (int)Math.Clamp(start, 0, samples.Length);
            int until = (int)Math.Clamp(start + fft.Length, 0, samples.Length);
            samples[from..until].CopyTo(_bordered.AsSpan((lane * fft.Length) + (int)(from - start)));
        }
    }
}
