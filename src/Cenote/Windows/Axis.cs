namespace Cenote;

/// <summary>What a <see cref="Window"/> means for one axis of known length: all window arithmetic lives here.</summary>
/// <remarks>
/// Output <c>o</c> of a sliding axis taps the input at <c>t = o * stride - paddingBefore + j * dilation</c>, <c>0 &lt;= j &lt; kernel</c>;
/// a tap is valid where <c>0 &lt;= t &lt; length</c>. Output <c>o</c> of an adaptive axis taps <c>floor(o * L / O) .. ceil((o + 1) * L / O)</c>.
/// Whole numbers of 64 bits throughout. Source: ATen <c>Pool.h</c>, <c>AdaptivePooling.h</c>; the ONNX operator specification.
/// </remarks>
public readonly record struct Axis
{
    private readonly PaddingMode _mode;
    private readonly bool _ceil;

    private Axis(long inputLength, long outputLength, long kernel, long stride, long dilation, long before, long after, PaddingMode mode, bool ceil)
    {
        (InputLength, OutputLength, Kernel, Stride, Dilation, PaddingBefore, PaddingAfter) =
            (inputLength, outputLength, kernel, stride, dilation, before, after);
        (_mode, _ceil) = (mode, ceil);
    }

    /// <summary>Cells of the input along this axis, without padding.</summary>
    public long InputLength { get; }

    /// <summary>Cells of the output along this axis, at least 1.</summary>
    public long OutputLength { get; }

    /// <summary>Taps of a window along this axis; on an adaptive axis 0, since there it varies.</summary>
    public long Kernel { get; }

    /// <summary>Distance between the starts of neighbouring windows.</summary>
    public long Stride { get; }

    /// <summary>Distance between neighbouring taps.</summary>
    public long Dilation { get; }

    /// <summary>Cells of padding before the input.</summary>
    public long PaddingBefore { get; }

    /// <summary>Cells of padding behind the input.</summary>
    public long PaddingAfter { get; }

    /// <summary>Whether the windows follow from an output length (adaptive) and not from a kernel.</summary>
    public bool IsAdaptive => Kernel == 0;

    /// <summary>The most taps that a window can have inside the input.</summary>
    internal long MostTaps
    {
        get
        {
            if (!IsAdaptive) return Math.Min(Kernel, InputLength);
            (long whole, long rest) = Math.DivRem(InputLength, OutputLength);
            // A window that begins and ends between two cells takes both; of parts of a cell that go into it evenly none does.
            return rest == 0 ? whole : OutputLength % rest == 0 ? whole + 1 : whole + 2;
        }
    }

    /// <summary>The most outputs that tap one cell; of an adaptive axis no fewer.</summary>
    internal long MostOutputs =>
        IsAdaptive ? 2 + (OutputLength - 1) / InputLength : Math.Min(OutputLength, (Kernel - 1) / (Stride / GreatestCommonDivisor(Stride, Dilation)) + 1);

    /// <summary>The most outputs from the first that taps a cell to the last, those between that do not tap it included.</summary>
    internal long MostOutputsBetween => IsAdaptive ? MostOutputs : Math.Min(OutputLength, (EffectiveKernel - 1) / Stride + 1);

    /// <summary>Cells from the first tap to the last: <c>dilation * (kernel - 1) + 1</c>.</summary>
    public long EffectiveKernel => Dilation * (Kernel - 1) + 1;

    /// <summary>The axis that a window without this axis sees: one cell, taken as it is.</summary>
    internal static Axis Unit { get; } = Global(1);

    /// <summary>A window that slides.</summary>
    /// <exception cref="OverflowException">The padded length does not fit 64 bits.</exception>
    internal static Axis Sliding(long length, long kernel, long stride, long dilation, long before, long after, bool ceil)
    {
        checked
        {
            long span = length + before + after - (dilation * (kernel - 1) + 1);
            long output = FloorDivide(span + (ceil ? stride - 1 : 0), stride) + 1;
            // The last window must start in the input or in the padding before it, never in the padding behind.
            if (ceil && (output - 1) * stride >= length + before) output--;
            return new(length, output, kernel, stride, dilation, before, after, PaddingMode.Explicit, ceil);
        }
    }

    /// <summary>A window that slides, padded so that the output is <c>ceil(length / stride)</c> long.</summary>
    /// <exception cref="OverflowException">The padded length does not fit 64 bits.</exception>
    internal static Axis Same(long length, long kernel, long stride, long dilation, PaddingMode mode)
    {
        checked
        {
            long output = (length - 1) / stride + 1;
            long total = Math.Max(0, (output - 1) * stride + dilation * (kernel - 1) + 1 - length);
            long less = total / 2, more = total - less;
            (long before, long after) = mode == PaddingMode.SameLower ? (more, less) : (less, more);
            return new(length, output, kernel, stride, dilation, before, after, mode, ceil: false);
        }
    }

    /// <summary>One window over the whole axis.</summary>
    internal static Axis Global(long length) => new(length, 1, length, length, 1, 0, 0, PaddingMode.Explicit, ceil: false);

    /// <summary>The length from which the windows of a sliding axis make an output of this length with nothing left over.</summary>
    /// <exception cref="OverflowException">It does not fit 64 bits.</exception>
    internal static long UnpooledLength(long output, long kernel, long stride, long dilation, long before, long after) =>
        checked((output - 1) * stride - before - after + dilation * (kernel - 1) + 1);

    /// <summary>As many windows as asked, of nearly equal length.</summary>
    internal static Axis Adaptive(long length, long output) => new(length, output, 0, 0, 1, 0, 0, PaddingMode.Explicit, ceil: false);

    /// <summary>The taps of one output that lie inside the input.</summary>
    /// <param name="output">The output position, <c>0 .. OutputLength - 1</c>.</param>
    public TapRange Taps(long output)
    {
        if (IsAdaptive)
        {
            long first = Cut(output);
            // One less than a whole number of cells rounds down, so that one more rounds up.
            long end = IsShort ? ((output + 1) * InputLength - 1) / OutputLength + 1 : (long)(((Int128)(output + 1) * InputLength - 1) / OutputLength) + 1;
            return new(first, end - first, 1);
        }
        long start = Start(output);
        if (start >= 0 && start <= InputLength - EffectiveKernel) return new(start, Kernel, Dilation);
        long skipped = start < 0 ? CeilDivide(-start, Dilation) : 0;
        long reached = TapsBefore(InputLength, start);
        return new(start + skipped * Dilation, Math.Max(0, reached - skipped), Dilation);
    }

    /// <summary>The outputs that tap one input position: the reverse of <see cref="Taps"/>.</summary>
    /// <param name="input">The input position, <c>0 .. InputLength - 1</c>.</param>
    public TapRange Outputs(long input)
    {
        // Output o taps input t where floor(o * L / O) <= t < ceil((o + 1) * L / O): the same rule with L and O exchanged.
        if (IsAdaptive) return Adaptive(OutputLength, InputLength).Taps(input);
        long position = input + PaddingBefore, beforeLastTap = position - (EffectiveKernel - 1);
        long first = beforeLastTap <= 0 ? 0 : CeilDivide(beforeLastTap, Stride), last = Math.Min(OutputLength - 1, position / Stride), step = 1;
        if (Dilation > 1)
        {
            // A tap falls on the position where o * stride = position modulo the dilation: every step-th output, or none.
            step = Dilation / GreatestCommonDivisor(Stride, Dilation);
            long phase = SmallestFactor(Stride, position, Dilation);
            if (phase < 0) return new(0, 0, step);
            first += ((phase - first) % step + step) % step;
        }
        return new(first, first > last ? 0 : (last - first) / step + 1, step);
    }

    /// <summary><see cref="Outputs(long)"/> of every input position, which one by one would begin with the same divisions each time where windows are dilated.</summary>
    /// <param name="each">Where the outputs of each position go.</param>
    internal unsafe void Outputs(TapRange* each)
    {
        const int MostPhases = 64;
        if (Dilation is 1 or > MostPhases || Stride > int.MaxValue)
        {
            for (long i = 0; i < InputLength; i++) each[i] = Outputs(i);
            return;
        }
        // The first output that has a tap where a position is modulo the dilation; after so many they come again.
        long step = 0, beforeLastTap = EffectiveKernel - 1;
        long* phases = stackalloc long[MostPhases];
        new Span<long>(phases, (int)Dilation).Fill(-1);
        for (long phase = 0; phases[phase] < 0; phase = (phase + Stride) % Dilation) phases[phase] = step++;
        for (long i = 0; i < InputLength; i++)
        {
            long position = i + PaddingBefore, first = phases[position % Dilation];
            if (first < 0)
            {
                each[i] = new(0, 0, step);
                continue;
            }
            if (position > beforeLastTap)
            {
                long least = CeilDivide(position - beforeLastTap, Stride);
                if (least > first) first += (least - first + step - 1) / step * step;
            }
            long last = Math.Min(OutputLength - 1, position / Stride);
            each[i] = new(first, first > last ? 0 : (last - first) / step + 1, step);
        }
    }

    /// <summary>Between which outputs all lie that tap some input positions; those wholly in the padding go with the first and the last position.</summary>
    /// <param name="first">The first position.</param>
    /// <param name="end">Behind the last.</param>
    internal (long First, long End) OutputsOf(long first, long end)
    {
        long last = end - 1 + PaddingBefore, beforeLastTap = first + PaddingBefore - (EffectiveKernel - 1);
        return (
            first == 0 ? 0 : IsAdaptive ? Outputs(first).First : beforeLastTap <= 0 ? 0 : CeilDivide(beforeLastTap, Stride),
            end == InputLength ? OutputLength : IsAdaptive ? Outputs(end).First + 1 : Math.Min(OutputLength, last / Stride + 1));
    }

    /// <summary>Where the window of one output starts; negative in the padding.</summary>
    /// <param name="output">The output position, <c>0 .. OutputLength - 1</c>.</param>
    public long Start(long output) => IsAdaptive ? Cut(output) : output * Stride - PaddingBefore;

    /// <summary>How many taps an average divides by on this axis.</summary>
    /// <param name="output">The output position, <c>0 .. OutputLength - 1</c>.</param>
    /// <param name="countPadding">
    /// Whether taps in the padding count. What hangs over the padded input in ceil mode never does.
    /// </param>
    public long Divisor(long output, bool countPadding) =>
        countPadding && !IsAdaptive ? TapsBefore(InputLength + PaddingAfter, Start(output)) : Taps(output).Count;

    /// <summary>The one divisor of every output, or 0 where they differ.</summary>
    internal long UniformDivisor(bool countPadding)
    {
        if (IsAdaptive) return InputLength % OutputLength == 0 ? InputLength / OutputLength : 0;
        // Windows are clipped at the ends alone: where the first and the last are whole, so are all.
        return Divisor(0, countPadding) == Kernel && Divisor(OutputLength - 1, countPadding) == Kernel ? Kernel : 0;
    }

    /// <summary>The same axis as a sliding window, where an adaptive one cuts the input into equal parts.</summary>
    internal Axis AsSliding() =>
        IsAdaptive && InputLength % OutputLength == 0
            ? new(InputLength, OutputLength, InputLength / OutputLength, InputLength / OutputLength, 1, 0, 0, PaddingMode.Explicit, ceil: false)
            : this;

    /// <summary>From an output to the next that taps the same cells: windows between begin where no tap of these is.</summary>
    internal long PhaseStep => Kernel > 1 ? Dilation / GreatestCommonDivisor(Stride, Dilation) : 1;

    /// <summary>A window without dilation over every so-manyth cell: what outputs a <see cref="PhaseStep"/> apart are of a sliding axis.</summary>
    /// <param name="output">The first of these outputs, before the second of any others.</param>
    /// <returns>The axis, the first of the cells and how far they are apart.</returns>
    internal (Axis Axis, long First, long Apart) Phase(long output)
    {
        (long step, long dilation, long stride) = Kernel > 1 ? (PhaseStep, Dilation, Stride / GreatestCommonDivisor(Stride, Dilation)) : (1, 1, Stride);
        long start = Start(output), first = (start % dilation + dilation) % dilation;
        long length = first < InputLength ? CeilDivide(InputLength - first, dilation) : 0;
        return (new(length, (OutputLength - output - 1) / step + 1, Kernel, stride, 1, (first - start) / dilation, 0, PaddingMode.Explicit, ceil: false), first, dilation);
    }

    /// <summary>
    /// A window seen from its cells, over outputs that are as far apart as it moves: as many of these tap a cell as a window has taps, and lie as far apart.
    /// </summary>
    internal Axis Reverse()
    {
        long apart = (OutputLength - 1) * Stride + 1;
        return new(apart, InputLength, Kernel, 1, Dilation, EffectiveKernel - 1 - PaddingBefore, InputLength - apart + PaddingBefore, PaddingMode.Explicit, ceil: false);
    }

    /// <summary>Whether every window has a cell of the input.</summary>
    internal bool AllHaveCells =>
        IsAdaptive || ((Dilation <= InputLength || Kernel == 1) && PaddingBefore < EffectiveKernel && Start(OutputLength - 1) < InputLength);

    /// <summary>Whether one window has every cell.</summary>
    internal bool IsWhole => OutputLength == 1 && Taps(0).Count == InputLength;

    /// <summary>Whether windows lie side by side from the first cell to the last.</summary>
    internal bool Tiles => !IsAdaptive && PaddingBefore == 0 && EffectiveKernel <= Stride && InputLength == OutputLength * Stride;

    /// <summary>An axis that <see cref="Tiles"/>, so many times over.</summary>
    internal Axis Repeat(long times) => new(InputLength * times, OutputLength * times, Kernel, Stride, Dilation, 0, 0, PaddingMode.Explicit, ceil: false);

    /// <summary>Behind the last output whose window ends inside the input; windows may begin before it.</summary>
    internal long InteriorEnd() => Math.Clamp(FloorDivide(InputLength - EffectiveKernel + PaddingBefore, Stride) + 1, 0, OutputLength);

    /// <summary>Whether the windows of a sliding axis all lie wholly inside the input.</summary>
    internal bool StaysInside => Interior() == (0, OutputLength);

    /// <summary>The outputs of a sliding axis whose windows lie wholly inside the input; of an adaptive one none, since its windows differ.</summary>
    internal (long First, long End) Interior()
    {
        if (IsAdaptive) return (0, 0);
        long end = InteriorEnd();
        return (Math.Min((PaddingBefore + Stride - 1) / Stride, end), end);
    }

    /// <summary>The formula of the output length with its numbers filled in.</summary>
    public string Formula()
    {
        if (IsAdaptive) return $"{OutputLength} as asked; window o is floor(o * {InputLength} / {OutputLength}) .. ceil((o + 1) * {InputLength} / {OutputLength})";
        if (_mode != PaddingMode.Explicit)
            return $"ceil({InputLength} / {Stride}) = {OutputLength}, padding {PaddingBefore} before and {PaddingAfter} after";
        string formula = $"({InputLength} + {PaddingBefore} + {PaddingAfter} - {Dilation} * ({Kernel} - 1) - 1{(_ceil ? $" + {Stride} - 1" : "")}) // {Stride} + 1";
        long asked = Sliding(InputLength, Kernel, Stride, Dilation, PaddingBefore, PaddingAfter, _ceil).OutputLength;
        long raw = FloorDivide(InputLength + PaddingBefore + PaddingAfter - EffectiveKernel + (_ceil ? Stride - 1 : 0), Stride) + 1;
        return asked == raw ? $"{formula} = {asked}" : $"{formula} = {raw}, less 1 as the last window would start behind the input = {asked}";
    }

    /// <summary>Whether the product of both lengths fits 64 bits, so that it need not be taken in 128, which divide slowly.</summary>
    private bool IsShort => InputLength <= int.MaxValue && OutputLength < int.MaxValue;

    private long Cut(long output) => IsShort ? output * InputLength / OutputLength : (long)((Int128)output * InputLength / OutputLength);

    /// <summary>How many taps of a window that starts at <paramref name="start"/> lie before <paramref name="end"/>.</summary>
    private long TapsBefore(long end, long start) => end <= start ? 0 : Math.Min(Kernel, CeilDivide(end - start, Dilation));

    private static long FloorDivide(long a, long b) => a >= 0 ? a / b : -((-a + b - 1) / b);

    // A division takes longer than all the rest of a window's arithmetic, and most dilations are 1.
    private static long CeilDivide(long a, long b) => b == 1 ? a : (a - 1) / b + 1;

    internal static long GreatestCommonDivisor(long a, long b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    /// <summary>The smallest x of 0 or more with <c>a * x = c</c> modulo m, -1 where there is none: Euclid's algorithm.</summary>
    private static long SmallestFactor(long a, long c, long m)
    {
        (a, c) = (a % m, c % m);
        if (a == 0) return c == 0 ? 0 : -1;
        long wraps = SmallestFactor(m, a - c % a, a);
        if (wraps < 0) return -1;
        return m <= int.MaxValue ? (m * wraps + c) / a : (long)(((Int128)m * wraps + c) / a);
    }
}
