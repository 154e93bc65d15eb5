using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>
/// Windows of many rows, a band of outputs at a time whose windows share a row: what lies above it is combined from there upwards, what lies
/// below downwards, and a window is one of these and one of those. Then along each row.
/// </summary>
/// <remarks>
/// Source: van Herk, Gil and Werman: three steps down the columns however tall the window, nothing ever subtracted. A row is put together
/// from windows of 4, 16, 64 … cells.
/// </remarks>
internal readonly unsafe struct VanHerk<T, TLane, TFold, TVector> : ICheckedKernel
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
    where TVector : struct, ILanes<TVector, TLane>
{
    // Up to here a tap more costs less than another pass over the row.
    private const int FewTaps = 6;

    // Half of a second-level cache of 1 MB.
    private const long BandBytes = 512 * 1024;

    private readonly Pass<T, TLane, TFold> _pass;
    private readonly long _outputRows;
    private readonly long _outputColumns;
    private readonly long _down;
    private readonly long _across;

    public VanHerk(Pass<T, TLane, TFold> pass)
    {
        _pass = pass;
        (_, _, Axis height, Axis width, long inner) = pass.Geometry;
        _down = (height.OutputLength - 1) / ((height.Kernel - 1) / height.Stride + 1) + 1;
        _outputRows = (height.OutputLength - 1) / _down + 1;
        // Neighbouring bands share a window's width: four windows keep that below a third of the work.
        long columns = Math.Max(BandBytes / (_outputRows * sizeof(TLane) * inner), 4 * width.EffectiveKernel) - width.EffectiveKernel;
        _across = (width.OutputLength - 1) / (columns / width.Stride + 1) + 1;
        _outputColumns = (width.OutputLength - 1) / _across + 1;
    }

    public long Units => _pass.Geometry.Outer * _down * _across;

    public long UnitBytes => _pass.Bytes / Units;

    public void Run(long first, long end) => TryRun(first, end);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRun(long first, long end)
    {
        Pass<T, TLane, TFold> pass = _pass;
        (_, _, Axis height, Axis width, long inner) = pass.Geometry;
        int lanes = TVector.Count;
        long pitch = (((_outputColumns - 1) * width.Stride + width.EffectiveKernel) * inner / lanes + 8) * lanes;
        TLane* band = (TLane*)Scratch.Rent(((_outputRows + 3) * pitch + pass.OutputRow + lanes) * sizeof(TLane));
        TLane* sums = band + _outputRows * pitch, work = sums + pitch, spare = work + pitch, widthScales = spare + pitch;
        long* taps = stackalloc long[FewTaps];
        pass.FillWidthScales(widthScales, lanes);
        bool isUniform = pass.IsUniform, stands = true;
        TVector scale = pass.RowScale<TVector>(1);
        (long Before, long Count, long Wanted) laid = (-1, -1, -1);
        Pass<T, TLane, TFold>.Clear<TVector>(sums, widthScales);
        for (long unit = first; unit < end; unit++)
        {
            (long rest, long across) = Math.DivRem(unit, _across);
            (long plane, long down) = Math.DivRem(rest, _down);
            long oh = down * _outputRows, ow = across * _outputColumns;
            long rows = Math.Min(_outputRows, height.OutputLength - oh), columns = Math.Min(_outputColumns, width.OutputLength - ow);
            long windows = ((columns - 1) * width.Stride + 1) * inner, wanted = windows + (width.EffectiveKernel - 1) * inner;
            long start = width.Start(ow) * inner, before = Math.Clamp(-start, 0, wanted), left = start + before;
            long count = Math.Clamp(pass.InputRow - left, 0, wanted - before);
            // The first cell stands on a register's boundary, with room before for a last register that reaches back.
            TLane* cells = band + ((before + lanes - 1) / lanes + 1) * lanes;
            if (laid != (before, count, wanted))
            {
                // The padding stays as it is from band to band.
                laid = (before, count, wanted);
                for (TLane* row = band; row < sums; row += pitch)
                {
                    long offset = cells - band;
                    Pass<T, TLane, TFold>.Clear<TVector>(row, row + offset);
                    Pass<T, TLane, TFold>.Clear<TVector>(row + offset + count, row + pitch);
                }
            }
            if (count > 0)
                stands &= Down(pass.Fold, pass.Input + plane * pass.Geometry.InputPlane * inner + left, pass.InputRow, height, oh, rows, count, pass.InputRow - left, cells, pitch);

            T* output = pass.Output + (plane * height.OutputLength + oh) * pass.OutputRow + ow * inner;
            for (long y = 0; y < rows; y++, output += pass.OutputRow)
            {
                if (!isUniform) scale = pass.RowScale<TVector>(height.Divisor(oh + y, pass.Fold.CountsPadding));
                TLane* row = cells - before + y * pitch;
                int tapCount = Windows(ref row, sums, work, windows, width.Dilation * inner, width.Kernel, taps);
                if (width.Stride == 1 && windows >= lanes)
                {
                    Finish(pass.Fold, row, taps, tapCount, output, windows, isUniform, scale, widthScales + ow * inner);
                    continue;
                }
                Combine(row, taps, tapCount, windows, spare);
                if (width.Stride > 1) Tile<T, TLane, TFold, TVector>.Pick(spare, width.Stride, inner, columns, spare);
                pass.FinishRow(spare, output, columns * inner, scale, widthScales + ow * inner);
            }
        }
        return stands;
    }

    /// <summary>A band of rows, every one of them the rows of a window combined.</summary>
    /// <param name="fold">The fold.</param>
    /// <param name="cells">The first column in the topmost row of the input.</param>
    /// <param name="inputRow">From row to row.</param>
    /// <param name="height">The axis down the columns.</param>
    /// <param name="oh">The first window.</param>
    /// <param name="rows">How many windows, all of which see the last row of the first.</param>
    /// <param name="count">How many columns.</param>
    /// <param name="room">Columns from the first to the end of the input's row, where a last register reaches back.</param>
    /// <param name="band">Where they go; registers may run on behind the end, and before the begin of rows that fill none.</param>
    /// <param name="pitch">From row to row there.</param>
    /// <returns>Whether no NaN was met, see <see cref="IFold{T, TLane}.Watch"/>.</returns>
    private static bool Down(TFold fold, T* cells, long inputRow, in Axis height, long oh, long rows, long count, long room, TLane* band, long pitch)
    {
        int lanes = TVector.Count;
        bool stands = true;
        for (long x = 0, rest; (rest = count - x) > 0;)
        {
            if (rest > 2 * lanes && room >= 4 * lanes)
            {
                x = Math.Min(x, room - 4 * lanes);
                stands &= Down<Four>(fold, cells + x, inputRow, height, oh, rows, band + x, pitch);
                x += 4 * lanes;
            }
            else if (rest > lanes && room >= 2 * lanes)
            {
                x = Math.Min(x, room - 2 * lanes);
                stands &= Down<Two>(fold, cells + x, inputRow, height, oh, rows, band + x, pitch);
                x += 2 * lanes;
            }
            else
            {
                x = Math.Min(x, room - lanes);
                stands &= Down<One>(fold, cells + x, inputRow, height, oh, rows, band + x, pitch);
                x += lanes;
            }
        }
        return stands;
    }

    /// <summary>The same for one, two or four registers side by side.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool Down<TRegisters>(TFold fold, T* cells, long inputRow, in Axis height, long oh, long rows, TLane* band, long pitch)
        where TRegisters : struct, ICount
    {
        int lanes = TVector.Count, count = TRegisters.Value;
        long top = height.Start(oh), stride = height.Stride, kernel = height.Kernel, length = height.InputLength;
        TVector identity = TVector.Create(TFold.Identity), seen = TVector.Create(default);
        TVector a = identity, b = identity, c = identity, d = identity;
        // Upwards from the last row of the first window.
        long y = Math.Min(top + kernel, length) - 1;
        T* row = cells + y * inputRow;
        TLane* to = band + (rows - 1) * pitch;
        for (long j = rows - 1; j >= 0; j--, to -= pitch)
        {
            for (long first = Math.Max(top + j * stride, 0); y >= first; y--, row -= inputRow) Take<TRegisters>(fold, row, ref a, ref b, ref c, ref d, ref seen);
            a.Store(to);
            if (count > 1) b.Store(to + lanes);
            if (count > 2) c.Store(to + 2 * lanes);
            if (count > 2) d.Store(to + 3 * lanes);
        }
        // Downwards from the row below.
        (a, b, c, d) = (identity, identity, identity, identity);
        y = Math.Max(top + kernel, 0);
        row = cells + y * inputRow;
        to = band + pitch;
        for (long j = 1; j < rows; j++, to += pitch)
        {
            for (long end = Math.Min(top + j * stride + kernel, length); y < end; y++, row += inputRow) Take<TRegisters>(fold, row, ref a, ref b, ref c, ref d, ref seen);
            TFold.Combine(TVector.Load(to), a).Store(to);
            if (count > 1) TFold.Combine(TVector.Load(to + lanes), b).Store(to + lanes);
            if (count > 2) TFold.Combine(TVector.Load(to + 2 * lanes), c).Store(to + 2 * lanes);
            if (count > 2) TFold.Combine(TVector.Load(to + 3 * lanes), d).Store(to + 3 * lanes);
        }
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take<TRegisters>(TFold fold, T* row, ref TVector a, ref TVector b, ref TVector c, ref TVector d, ref TVector seen)
        where TRegisters : struct, ICount
    {
        if (TRegisters.Value > 2) Pass<T, TLane, TFold>.Join(fold, ref c, ref d, row + 2 * TVector.Count, ref seen);
        if (TRegisters.Value > 1)
        {
            Pass<T, TLane, TFold>.Join(fold, ref a, ref b, row, ref seen);
            return;
        }
        TVector cell = fold.Lift<TVector>(row);
        TFold.Watch(ref seen, cell, cell);
        a = TFold.Combine(a, cell);
    }

    /// <summary>Puts long windows together, until a few taps are left that make lane i the lanes i, i + step, … of a row combined.</summary>
    /// <param name="line">The row; afterwards what the taps are of.</param>
    /// <param name="sums">Room for a row.</param>
    /// <param name="work">Room for another.</param>
    /// <param name="count">How many windows are wanted.</param>
    /// <param name="step">From one lane of a window to the next.</param>
    /// <param name="kernel">Lanes of a window.</param>
    /// <param name="taps">Where the taps go.</param>
    /// <returns>How many taps there are.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static int Windows(ref TLane* line, TLane* sums, TLane* work, long count, long step, long kernel, long* taps)
    {
        int lanes = TVector.Count, tapCount = 0;
        long covered = 1, rest = kernel;
        bool begun = false;
        // Sums take the length in digits of base 4, each digit so many windows side by side; maxima let the last windows overlap.
        for (; kernel > FewTaps && rest >= 4 * covered; covered *= 4)
        {
            TLane* from = line, to = work;
            long digit = TFold.IsIdempotent ? 0 : rest / covered % 4, a = covered * step, end = count + (rest - 4 * covered) * step;
            for (long i = 0; i < end; i += lanes)
            {
                TVector first = TVector.Load(from + i), second = TVector.Load(from + i + a), third = TVector.Load(from + i + 2 * a), fourth = TVector.Load(from + i + 3 * a);
                TVector two = TFold.Combine(first, second), three = TFold.Combine(two, third);
                if (digit > 0)
                {
                    TVector sum = digit == 1 ? first : digit == 2 ? two : three;
                    if (begun) sum = TFold.Combine(TVector.Load(sums + i), sum);
                    sum.Store(sums + i);
                }
                TFold.Combine(three, fourth).Store(to + i);
            }
            line = work + digit * a;
            work = line;
            rest -= digit * covered;
            begun |= digit > 0;
        }
        if (begun) taps[tapCount++] = sums - line;
        for (long at = 0; at < rest; at += covered) taps[tapCount++] = Math.Min(at, rest - covered) * step;
        return tapCount;
    }

    /// <summary>A few taps of each lane combined.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Combine(TLane* line, long* taps, int tapCount, long count, TLane* to)
    {
        for (long i = 0; i < count; i += TVector.Count)
        {
            TVector sum = TVector.Load(line + i + taps[0]);
            for (int k = 1; k < tapCount; k++) sum = TFold.Combine(sum, TVector.Load(line + i + taps[k]));
            sum.Store(to + i);
        }
    }

    /// <summary>A few taps of each lane combined and finished, two registers at a time; the last ones reach back over those before.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Finish(TFold fold, TLane* line, long* taps, int tapCount, T* output, long count, bool isUniform, TVector scale, TLane* widthScales)
    {
        int lanes = TVector.Count;
        // A row that fills one register is done twice.
        long last = count - lanes, second = Math.Min(lanes, last);
        for (long i = 0; i < count; i += 2 * lanes)
        {
            i = Math.Min(i, last - second);
            TLane* tap = line + i + taps[0];
            TVector a = TVector.Load(tap), b = TVector.Load(tap + second);
            for (int k = 1; k < tapCount; k++)
            {
                tap = line + i + taps[k];
                a = TFold.Combine(a, TVector.Load(tap));
                b = TFold.Combine(b, TVector.Load(tap + second));
            }
            fold.Finish(a, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + i), output + i);
            fold.Finish(b, Pass<T, TLane, TFold>.ScaleOf(isUniform, scale, widthScales + i + second), output + i + second);
        }
    }
}
