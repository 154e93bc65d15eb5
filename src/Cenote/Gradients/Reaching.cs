namespace Cenote.Gradients;

/// <summary>The outputs that tap each cell of an axis, all at once: of dilated windows one by one would begin with the same divisions each time.</summary>
internal static unsafe class Reaching
{
    private const int MostPhases = 64;

    /// <summary>What <see cref="Axis.Outputs"/> says of every position.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="outputs">Where the outputs of each position go.</param>
    public static void Fill(in Axis axis, TapRange* outputs)
    {
        long length = axis.InputLength, dilation = axis.Dilation;
        if (dilation is 1 or > MostPhases || axis.Stride > int.MaxValue)
        {
            for (long i = 0; i < length; i++) outputs[i] = axis.Outputs(i);
            return;
        }
        // The first output that has a tap where a position is modulo the dilation; after so many they come again.
        long step = 0, stride = axis.Stride, before = axis.EffectiveKernel - 1;
        long* phases = stackalloc long[MostPhases];
        new Span<long>(phases, (int)dilation).Fill(-1);
        for (long phase = 0; phases[phase] < 0; phase = (phase + stride) % dilation) phases[phase] = step++;
        for (long i = 0; i < length; i++)
        {
            long position = i + axis.PaddingBefore, first = phases[position % dilation];
            if (first < 0)
            {
                outputs[i] = new(0, 0, step);
                continue;
            }
            if (position > before)
            {
                long least = (position - before + stride - 1) / stride;
                if (least > first) first += (least - first + step - 1) / step * step;
            }
            long last = Math.Min(axis.OutputLength - 1, position / stride);
            outputs[i] = new(first, first > last ? 0 : (last - first) / step + 1, step);
        }
    }
}
