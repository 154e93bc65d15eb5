using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>
/// Of a mean whose windows do not overlap: gradients are divided, each once and some lines at a time, and every register of cells picks its own from a register of
/// them. A line is a row or, where those fill no register, a slice; which register picks what is the same in all, and is worked out once.
/// </summary>
/// <typeparam name="T">A cell.</typeparam>
/// <typeparam name="TLane">What gradients are divided in.</typeparam>
/// <typeparam name="TFold">What divides them.</typeparam>
/// <typeparam name="TVector">Lanes of these.</typeparam>
/// <typeparam name="TBits">A whole number as long as a cell: what is divided is only moved.</typeparam>
/// <typeparam name="TPick">A whole number of which registers pick any lane, as long or longer.</typeparam>
/// <typeparam name="TPicks">Lanes of these.</typeparam>
/// <param name="geometry">The window over the input.</param>
/// <param name="gradOutput">The gradient of the output.</param>
/// <param name="gradInput">Where the gradient of the input goes.</param>
/// <param name="fold">Divides; where windows differ in planes that are not small, as those inside are divided.</param>
/// <param name="total">Divides where that does not stand by its results, and as each window asks for.</param>
internal readonly unsafe struct ShareGather<T, TLane, TFold, TVector, TBits, TPick, TPicks>(Geometry geometry, T* gradOutput, T* gradInput, TFold fold, Total<T, TLane> total) : IKernel
    where T : unmanaged, INumber<T>
    where TLane : unmanaged, INumber<TLane>
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
    where TBits : unmanaged
    where TPick : unmanaged, IBinaryInteger<TPick>
    where TPicks : struct, ILanes<TPicks, TPick>
{
    // Of lines that are told apart, and of a line whose channels are copied.
    private const long MostLines = 4096, MostCopied = 64 * 1024;

    // What is divided at a time stays there too.
    private const long ShareBytes = 8 * 1024;

    private readonly Pass<T, TLane, TFold> _pass = new(geometry, gradInput, gradOutput, fold);

    public long Units => geometry.Outer * Lines(geometry);

    public long UnitBytes => (geometry.InputPlane + geometry.OutputPlane) * geometry.Inner * sizeof(T) / Lines(geometry);

    private long Scaled => ScalesPlanes ? geometry.OutputPlane * geometry.Inner : 0;

    private bool ScalesPlanes => !_pass.IsUniform;

    /// <summary>Whether windows at the ends are divided otherwise than those inside.</summary>
    private bool CorrectsEnds => _pass.IsUniform && total.UniformCount == 0;

    /// <summary>Whether a line fills a register, and no register of cells sees more outputs than a register holds.</summary>
    public static bool Fits(in Geometry geometry)
    {
        long cells = Cells(geometry);
        if (geometry.Width.IsAdaptive || cells < TPicks.Count || geometry.Depth.InputLength * geometry.Height.InputLength > MostLines) return false;
        if (Copies(geometry)) return geometry.Width.InputLength <= MostCopied;
        // Shorter lanes are picked where that is one instruction.
        return (sizeof(TPick) >= sizeof(uint) || TPicks.LooksAhead) && cells <= GradientCost.MostGathered && (!IsSlice(geometry) || SeesFew(geometry));
    }

    private static bool IsSlice(in Geometry geometry) => geometry.Inner == 1 && geometry.Width.InputLength < TPicks.Count;

    /// <summary>Whether channels that come last fill a register, so that nothing need be picked.</summary>
    private static bool Copies(in Geometry geometry) => geometry.Inner >= TPicks.Count;

    private static long Lines(in Geometry geometry) => geometry.Depth.InputLength * (IsSlice(geometry) ? 1 : geometry.Height.InputLength);

    /// <summary>Lines of outputs.</summary>
    private static long OutputLines(in Geometry geometry) => geometry.Depth.OutputLength * (IsSlice(geometry) ? 1 : geometry.Height.OutputLength);

    private static long Cells(in Geometry geometry) => geometry.Width.InputLength * geometry.Inner * (IsSlice(geometry) ? geometry.Height.InputLength : 1);

    private static long Outputs(in Geometry geometry) => geometry.Width.OutputLength * geometry.Inner * (IsSlice(geometry) ? geometry.Height.OutputLength : 1);

    /// <summary>Of slices: cells of several rows may be of outputs far apart.</summary>
    private static bool SeesFew(in Geometry geometry)
    {
        int* of = stackalloc int[(int)GradientCost.MostGathered];
        Slice(geometry, of);
        for (long cell = 0, cells = Cells(geometry); cell < cells; cell += TPicks.Count)
        {
            (int least, int most) = Seen(of + Math.Min(cell, cells - TPicks.Count));
            if (most - least >= TPicks.Count) return false;
        }
        return true;
    }

    /// <summary>The first and the last output of a register of cells.</summary>
    private static (int Least, int Most) Seen(int* of)
    {
        int least = int.MaxValue, most = 0;
        for (int lane = 0; lane < TPicks.Count; lane++)
        {
            if (of[lane] < 0) continue;
            least = Math.Min(least, of[lane]);
            most = Math.Max(most, of[lane]);
        }
        return (Math.Min(least, most), most);
    }

    /// <summary>The output that each position of an axis is tapped by, or -1.</summary>
    private static void Number(in Axis axis, int* of)
    {
        new Span<int>(of, (int)axis.InputLength).Fill(-1);
        for (long o = 0; o < axis.OutputLength; o++)
        {
            TapRange taps = axis.Taps(o);
            for (long k = 0, i = taps.First; k < taps.Count; k++, i += taps.Step) of[i] = (int)o;
        }
    }

    /// <summary>The same for the cells of a slice.</summary>
    private static void Slice(in Geometry geometry, int* of)
    {
        Axis height = geometry.Height, width = geometry.Width;
        int* row = stackalloc int[(int)width.InputLength];
        Number(width, row);
        new Span<int>(of, (int)(height.InputLength * width.InputLength)).Fill(-1);
        for (long oh = 0; oh < height.OutputLength; oh++)
        {
            TapRange taps = height.Taps(oh);
            for (long k = 0; k < taps.Count; k++)
            {
                int* cell = of + (taps.First + k * taps.Step) * width.InputLength;
                for (long w = 0; w < width.InputLength; w++) cell[w] = row[w] < 0 ? -1 : (int)(oh * width.OutputLength) + row[w];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long first, long end)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = geometry;
        bool isSlice = IsSlice(geometry), copies = Copies(geometry);
        long lines = Lines(geometry), cells = Cells(geometry), outputs = Outputs(geometry), outputLines = OutputLines(geometry);
        long registers = copies ? 0 : (cells + TPicks.Count - 1) / TPicks.Count, most = Math.Max(1, ShareBytes / sizeof(T) / outputs), places = copies ? width.InputLength : cells;
        TPick* picks = (TPick*)Scratch.Rent(registers * TPicks.Count * sizeof(TPick) + lines * sizeof(long) + (Scaled + TVector.Count) * sizeof(TLane)
            + (most * outputs + TVector.Count + TPicks.Count) * sizeof(T) + (2 * registers + places + depth.InputLength + height.InputLength) * sizeof(int));
        long* lineOutputs = (long*)(picks + registers * TPicks.Count);
        TLane* scales = (TLane*)(lineOutputs + lines);
        int* firsts = (int*)(scales + Scaled + TVector.Count), of = firsts + 2 * registers, slices = of + places, rows = slices + depth.InputLength;
        T* shares = (T*)(rows + height.InputLength);
        Number(depth, slices);
        if (isSlice) Slice(geometry, of);
        else Number(height, rows);
        long* ofLine = lineOutputs;
        for (long slice = 0; slice < depth.InputLength; slice++)
        {
            int od = slices[slice];
            if (isSlice) *ofLine++ = od;
            else
                for (long row = 0; row < height.InputLength; row++) *ofLine++ = od < 0 || rows[row] < 0 ? -1 : od * height.OutputLength + rows[row];
        }
        if (copies)
            Number(width, of);
        else if (!isSlice)
            Row(of);
        if (!copies) Place(of, cells, registers, firsts, picks);
        if (ScalesPlanes) Scales(scales);

        long firstKnown = 0, endKnown = 0, limit = ((end - 1) / lines + 1) * outputLines;
        (long plane, long at) = Math.DivRem(first, lines);
        Line common = new()
        {
            Outputs = outputs, Cells = cells, Registers = registers, Picks = picks, Firsts = firsts, Of = of, Width = width.InputLength, Inner = inner, InPairs = !_pass.Streams,
        };
        while (first < end)
        {
            long output = plane * outputLines + lineOutputs[at];
            if (lineOutputs[at] >= 0 && (output < firstKnown || output >= endKnown))
            {
                (firstKnown, endKnown) = (output, Math.Min(output + most, limit));
                Divide(firstKnown, endKnown, scales, shares);
            }
            long begin = plane * outputLines, count = Math.Min(lines - at, end - first);
            common.First = firstKnown - begin;
            common.End = endKnown - begin;
            TBits* from = (TBits*)shares - (firstKnown - begin) * outputs, to = (TBits*)gradInput + first * cells;
            long done = copies ? Put<One>(common, lineOutputs + at, count, from, to) : Put<None>(common, lineOutputs + at, count, from, to);
            first += done;
            at += done;
            if (at == lines) (plane, at) = (plane + 1, 0);
        }
    }

    /// <summary>Which output each cell of a row is of.</summary>
    private void Row(int* of)
    {
        long inner = geometry.Inner;
        // From the last one on, so that none is written over before it is read.
        Number(geometry.Width, of);
        for (long w = geometry.Width.InputLength - 1; w >= 0 && inner > 1; w--)
        {
            int output = of[w];
            for (long channel = 0; channel < inner; channel++) of[w * inner + channel] = output < 0 ? -1 : (int)(output * inner + channel);
        }
    }

    /// <summary>Of each register of cells where it begins, the first output that it sees, and how far behind that each of its cells' outputs is.</summary>
    private static void Place(int* of, long cells, long registers, int* firsts, TPick* picks)
    {
        for (long register = 0; register < registers; register++, firsts += 2, picks += TPicks.Count)
        {
            firsts[0] = (int)Math.Min(register * TPicks.Count, cells - TPicks.Count);
            firsts[1] = Seen(of + firsts[0]).Least;
            // Behind a register there is zero.
            for (int lane = 0; lane < TPicks.Count; lane++) picks[lane] = TPick.CreateTruncating(of[firsts[0] + lane] < 0 ? TPicks.Count : of[firsts[0] + lane] - firsts[1]);
        }
    }

    /// <summary>What each output of a small plane is divided by.</summary>
    private void Scales(TLane* scales)
    {
        (Axis depth, Axis height) = (geometry.Depth, geometry.Height);
        AxisDivisors.Fill(geometry.Width, geometry.Inner, total.CountsPadding, scales);
        // From the last row on, since the first one is what they are made of.
        long row = geometry.Width.OutputLength * geometry.Inner;
        for (long i = depth.OutputLength * height.OutputLength - 1; i >= 0; i--)
        {
            (long od, long oh) = Math.DivRem(i, height.OutputLength);
            // A window without a cell divides nothing.
            TLane across = TLane.CreateTruncating(Math.Max(1, depth.Divisor(od, total.CountsPadding) * height.Divisor(oh, total.CountsPadding)));
            for (long x = 0; x < row; x++) scales[i * row + x] = scales[x] * across;
        }
    }

    private void Divide(long line, long end, TLane* scales, T* shares)
    {
        Pass<T, TLane, TFold> pass = _pass;
        long outputs = Outputs(geometry), lines = OutputLines(geometry), within = ScalesPlanes ? line % lines : 0;
        for (long count; line < end; line += count, within = 0)
        {
            count = ScalesPlanes ? Math.Min(end - line, lines - within) : end - line;
            bool stands = Shares.Divide(pass, gradOutput + line * outputs, count * outputs, pass.RowScale<TVector>(1), scales + within * outputs, shares);
            if (CorrectsEnds)
            {
                Correct(line, line + count, stands, shares);
            }
            else if (!stands)
            {
                Pass<T, TLane, Total<T, TLane>> exact = new(geometry, gradInput, gradOutput, total);
                Shares.Divide(exact, gradOutput + line * outputs, count * outputs, exact.RowScale<TVector>(1), scales + within * outputs, shares);
            }
            shares += count * outputs;
        }
    }

    /// <summary>Divides by their own divisors what was divided as if it were inside, or all.</summary>
    private void Correct(long line, long end, bool insideStands, T* shares)
    {
        (_, Axis depth, Axis height, Axis width, long inner) = geometry;
        bool counts = total.CountsPadding;
        (long first, long behind) = width.Interior();
        (long firstRow, long behindRow) = height.Interior();
        long each = IsSlice(geometry) ? height.OutputLength : 1, row = line * each, rows = (end - line) * each, cells = width.OutputLength * inner, inside = depth.Kernel * height.Kernel;
        T* gradients = gradOutput + row * cells;
        for (long o = 0; o < first; o++) Divide(gradients + o * inner, inner, cells, rows, inside * width.Divisor(o, counts), shares + o * inner);
        for (long o = behind; o < width.OutputLength; o++) Divide(gradients + o * inner, inner, cells, rows, inside * width.Divisor(o, counts), shares + o * inner);
        (long rest, long oh) = Math.DivRem(row, height.OutputLength);
        long od = rest % depth.OutputLength, deep = depth.Divisor(od, counts);
        for (; rows > 0; rows--, gradients += cells, shares += cells)
        {
            if (deep != depth.Kernel || oh < firstRow || oh >= behindRow || !insideStands)
            {
                long divisor = deep * height.Divisor(oh, counts);
                for (long o = 0; o < first; o++) Divide(gradients + o * inner, inner, cells, 1, divisor * width.Divisor(o, counts), shares + o * inner);
                Divide(gradients + first * inner, (behind - first) * inner, cells, 1, divisor * width.Kernel, shares + first * inner);
                for (long o = behind; o < width.OutputLength; o++) Divide(gradients + o * inner, inner, cells, 1, divisor * width.Divisor(o, counts), shares + o * inner);
            }
            if (++oh < height.OutputLength) continue;
            oh = 0;
            od = od + 1 == depth.OutputLength ? 0 : od + 1;
            deep = depth.Divisor(od, counts);
        }
    }

    /// <summary>A piece of so many rows by one divisor.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Divide(T* gradients, long count, long row, long rows, long divisor, T* shares)
    {
        TVector scale = TVector.Create(total.Scale(divisor));
        for (; rows > 0; rows--, gradients += row, shares += row)
        {
            for (long i = 0; count < TVector.Count && i < count; i++) total.Finish(total.Lift(gradients + i), divisor, shares + i);
            // The last register reaches back over the one before.
            for (long i = 0; count >= TVector.Count && i < count; i += TVector.Count) total.Finish(total.Lift<TVector>(gradients + Math.Min(i, count - TVector.Count)), scale, shares + Math.Min(i, count - TVector.Count));
        }
    }

    /// <summary>Some lines, as far as what they see has been divided.</summary>
    /// <typeparam name="TCopies"><see cref="One"/> where channels come last.</typeparam>
    /// <returns>How many.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static long Put<TCopies>(in Line line, long* lineOutputs, long count, TBits* shares, TBits* target)
        where TCopies : struct, ICount
    {
        long cells = line.Cells, registers = line.Registers, first = line.First, end = line.End, outputs = line.Outputs, inner = line.Inner, last = inner - TPicks.Count;
        int* of = line.Of;
        TPick* picks = line.Picks;
        for (long i = 0; i < count; i++, target += cells)
        {
            long output = lineOutputs[i];
            if (output < 0)
            {
                NativeMemory.Clear(target, (nuint)(cells * sizeof(TBits)));
                continue;
            }
            if (output < first || output >= end) return i;
            TBits* from = shares + output * outputs;
            if (TCopies.Value == 0)
            {
                int* firsts = line.Firsts;
                TPick* behind = picks + registers * TPicks.Count;
                if (line.InPairs && i + 1 < count && lineOutputs[i + 1] == output)
                {
                    // The next line is the same.
                    for (TPick* pick = picks; pick < behind; pick += TPicks.Count, firsts += 2)
                    {
                        TPicks picked = TPicks.Pick(TPicks.Widen(from + firsts[1]), TPicks.Load(pick));
                        picked.Narrow(target + firsts[0]);
                        picked.Narrow(target + cells + firsts[0]);
                    }
                    i++;
                    target += cells;
                    continue;
                }
                for (TPick* pick = picks; pick < behind; pick += TPicks.Count, firsts += 2) TPicks.Pick(TPicks.Widen(from + firsts[1]), TPicks.Load(pick)).Narrow(target + firsts[0]);
                continue;
            }
            TBits* to = target;
            for (long w = 0; w < line.Width; w++, to += inner)
            {
                if (of[w] < 0)
                {
                    NativeMemory.Clear(to, (nuint)(inner * sizeof(TBits)));
                    continue;
                }
                TBits* share = from + of[w] * inner;
                // The last register reaches back over the one before.
                for (long channel = 0; channel < inner; channel += TPicks.Count)
                {
                    long c = Math.Min(channel, last);
                    TPicks.Widen(share + c).Narrow(to + c);
                }
            }
        }
        return count;
    }

    /// <summary>What all lines have in common.</summary>
    private struct Line
    {
        /// <summary>Cells of one, its outputs, and registers.</summary>
        public long Cells, Outputs, Registers;

        /// <summary>Those whose gradients have been divided.</summary>
        public long First, End;

        /// <summary>Whether two lines that are the same are written side by side: past the caches memory wants them one after the other.</summary>
        public bool InPairs;

        /// <summary>Which lane of the first one seen each lane is.</summary>
        public TPick* Picks;

        /// <summary>Where each register begins, and the first output that it sees.</summary>
        public int* Firsts;

        /// <summary>With channels last: the output of each cell along the row, how many those are, and channels.</summary>
        public int* Of;

        public long Width, Inner;
    }
}
