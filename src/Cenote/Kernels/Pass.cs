using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Cenote.Kernels;

/// <summary>One call as every kernel is given it, and the few steps that all of them share.</summary>
internal readonly unsafe struct Pass<T, TLane, TFold>
    where T : unmanaged
    where TLane : unmanaged
    where TFold : struct, IFold<T, TLane>
{
    public Pass(in Geometry geometry, T* input, T* output, TFold fold)
    {
        (Geometry, Fold) = (geometry, fold);
        Input = input;
        Output = output;
        InputEnd = input + geometry.Outer * geometry.InputPlane * geometry.Inner;
        InputRow = geometry.Width.InputLength * geometry.Inner;
        OutputRow = geometry.Width.OutputLength * geometry.Inner;
        OutputRows = geometry.Outer * geometry.Depth.OutputLength * geometry.Height.OutputLength;
        MostRows = geometry.Depth.MostTaps * geometry.Height.MostTaps;
        IsUniform = !TFold.IsScaled || fold.UniformCount != 0;
        Streams = !TFold.IsPlaced && Streaming.IsWorth(Bytes);
    }

    // A field, so that who reads a part of it need not copy the whole.
    public readonly Geometry Geometry;

    public T* Input { get; }

    public T* InputEnd { get; }

    public T* Output { get; }

    public TFold Fold { get; }

    /// <summary>Cells of one row of the input: its width, times the channels where they come last.</summary>
    public long InputRow { get; }

    public long OutputRow { get; }

    /// <summary>Rows of the whole output; a row is numbered by where it is in memory.</summary>
    public long OutputRows { get; }

    /// <summary>The most input rows that one output row may see.</summary>
    public long MostRows { get; }

    /// <summary>Whether one scale serves every output.</summary>
    public bool IsUniform { get; }

    /// <summary>Whether outputs are better written around the caches, see <see cref="LineStream{T}"/>.</summary>
    public bool Streams { get; init; }

    /// <summary>The same call over one plane, where all planes on top of each other are one, see <see cref="Geometry.AsOnePlane"/>.</summary>
    public Pass<T, TLane, TFold> AsOnePlane() => new(Geometry.AsOnePlane(), Input, Output, Fold) { Streams = Streams };

    /// <summary>Bytes read and written, all in all.</summary>
    public long Bytes => ((InputEnd - Input) + OutputRows * OutputRow) * sizeof(T);

    /// <summary>Some outputs of one row, cell by cell, tap by tap, in order: what a register cannot reach.</summary>
    /// <param name="rows">The input rows, see <see cref="RowCursor{T, TLane, TFold}"/>.</param>
    /// <param name="count">How many.</param>
    /// <param name="divisor">What the axes across the rows contribute to the number of taps.</param>
    /// <param name="output">The first cell of the output row.</param>
    /// <param name="first">The first output position along the width.</param>
    /// <param name="end">Behind the last.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public void Cells(T** rows, int count, long divisor, T* output, long first, long end)
    {
        Axis width = Geometry.Width;
        TFold fold = Fold;
        long inner = Geometry.Inner;
        for (long ow = first; ow < end; ow++)
        {
            TapRange taps = width.Taps(ow);
            long taken = !TFold.IsScaled ? 1 : IsUniform ? Fold.UniformCount : divisor * width.Divisor(ow, Fold.CountsPadding);
            for (long channel = 0; channel < inner; channel++)
            {
                TLane accumulator = TFold.Identity;
                for (int row = 0; row < count; row++)
                {
                    T* cell = rows[row] + taps.First * inner + channel;
                    for (long k = 0; k < taps.Count; k++, cell += taps.Step * inner) accumulator = TFold.Combine(accumulator, fold.Lift(cell));
                }
                fold.Finish(accumulator, taken, output + ow * inner + channel);
            }
        }
    }

    /// <summary>What the width contributes to the number of taps, for each output cell of a row; a register may read beyond the end.</summary>
    /// <param name="scales">Room for <see cref="OutputRow"/> lanes and a register.</param>
    /// <param name="lanes">Lanes of a register.</param>
    public void FillWidthScales(TLane* scales, int lanes)
    {
        if (IsUniform) return;
        Axis width = Geometry.Width;
        (long first, long end) = width.Interior();
        TLane* next = scales;
        TLane whole = Fold.Scale(Math.Max(1, width.Kernel));
        for (long ow = 0; ow < width.OutputLength; ow++)
        {
            TLane scale = ow >= first && ow < end ? whole : Fold.Scale(width.Divisor(ow, Fold.CountsPadding));
            for (long channel = 0; channel < Geometry.Inner; channel++) *next++ = scale;
        }
        // What is scaled beyond the end is dropped, but denormal numbers would be slow.
        for (int i = 0; i < lanes; i++) *next++ = Fold.Scale(1);
    }

    /// <summary>Combines, to the last bit as the fold does; sums in double by the units that multiply and add in one, where there are, which else idle.</summary>
    /// <param name="left">Some lanes.</param>
    /// <param name="right">Others.</param>
    /// <param name="one">1 in every lane, from memory.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector CombineBeside<TVector>(TVector left, TVector right, TVector one)
        where TVector : struct, ILanes<TVector, TLane> =>
        typeof(TLane) == typeof(double) && TFold.IsScaled && (Fma.IsSupported || AdvSimd.IsSupported)
            ? TVector.MultiplyAdd(left, one, right) : TFold.Combine(left, right);

    /// <summary>Two registers of cells side by side, in a row or even and odd columns apart, see <see cref="IFold{T, TLane}.IsSplit"/>; watched.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pair<TVector>(TFold fold, T* cells, out TVector low, out TVector high, ref TVector seen)
        where TVector : struct, ILanes<TVector, TLane>
    {
        if (sizeof(T) < sizeof(TLane) && TFold.IsSplit)
        {
            TFold.Split(cells, out low, out high, ref seen);
            return;
        }
        (low, high) = (fold.Lift<TVector>(cells), fold.Lift<TVector>(cells + TVector.Count));
        TFold.Watch(ref seen, low, high);
    }

    /// <summary>Combines such registers with two that have been combined before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void JoinPair<TVector>(TFold fold, ref TVector low, ref TVector high, T* cells, ref TVector seen)
        where TVector : struct, ILanes<TVector, TLane>
    {
        // Sums of what lies in memory as it is: the addition reads it itself. Known before anything is inlined, which costs those that follow nothing.
        if (typeof(TFold) == typeof(Total<float, float>) || typeof(TFold) == typeof(Total<double, double>))
        {
            (low, high) = (TVector.Add(low, (TLane*)cells), TVector.Add(high, (TLane*)cells + TVector.Count));
            return;
        }
        Pair(fold, cells, out TVector a, out TVector b, ref seen);
        (low, high) = (TFold.Combine(low, a), TFold.Combine(high, b));
    }

    /// <summary>Finishes such registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FinishPair<TVector>(TFold fold, TVector low, TVector high, TVector scale, T* cells)
        where TVector : struct, ILanes<TVector, TLane>
    {
        if (sizeof(T) < sizeof(TLane) && TFold.IsSplit)
        {
            fold.FinishSplit(low, high, scale, cells);
            return;
        }
        fold.Finish(low, scale, cells);
        fold.Finish(high, scale, cells + TVector.Count);
    }

    /// <summary>
    /// Combines two registers of cells, side by side and so many registers behind a place, with two that have been combined before; watched, see <see cref="IFold{T, TLane}.Watch"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Join<TVector>(TFold fold, ref TVector low, ref TVector high, T* cells, ref TVector seen, [ConstantExpected] int register = 0)
        where TVector : struct, ILanes<TVector, TLane>
    {
        TVector a = fold.Lift<TVector>(cells + register * TVector.Count), b = fold.Lift<TVector>(cells + (register + 1) * TVector.Count);
        TFold.Watch(ref seen, a, b);
        (low, high) = (TFold.Combine(low, a), TFold.Combine(high, b));
    }

    /// <summary>Fills lanes that hold no cell. Those that are read and then dropped are filled too: what stood there before may be denormal numbers, which are slow to add.</summary>
    public static void Clear<TVector>(TLane* from, TLane* to)
        where TVector : struct, ILanes<TVector, TLane>
    {
        for (; from + TVector.Count <= to; from += TVector.Count) TVector.Create(TFold.Identity).Store(from);
        for (; from < to; from++) *from = TFold.Identity;
    }

    /// <summary>Numbers lanes by whole numbers of their size, see <see cref="ILanes{TSelf, TLane}.Ahead"/>.</summary>
    public static void Number(TLane* lanes, int count, int first, long step)
    {
        for (int i = 0; i < count; i++) PutNumber(lanes + i, first + i * step);
    }

    /// <summary>A whole number of a lane's size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutNumber(TLane* lane, long number)
    {
        if (sizeof(TLane) == sizeof(long)) *(long*)lane = number;
        else if (sizeof(TLane) == sizeof(int)) *(int*)lane = (int)number;
        else if (sizeof(TLane) == sizeof(short)) *(short*)lane = (short)number;
        else *(sbyte*)lane = (sbyte)number;
    }

    /// <summary>All ones in some lanes, zeros in those before and behind them.</summary>
    public static void Mark(TLane* lanes, long count, long first, long marked)
    {
        for (long i = 0; i < count * sizeof(TLane); i++) ((byte*)lanes)[i] = (byte)(i >= first * sizeof(TLane) && i < (first + marked) * sizeof(TLane) ? 0xFF : 0);
    }

    /// <summary>A register of these.</summary>
    public static TVector Mark<TVector>(long first, long marked)
        where TVector : struct, ILanes<TVector, TLane>
    {
        TLane* lanes = stackalloc TLane[TVector.Count];
        Mark(lanes, TVector.Count, first, marked);
        return TVector.Load(lanes);
    }

    /// <summary>The scale of a register of outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ScaleOf<TVector>(bool isUniform, TVector rowScale, TLane* widthScales)
        where TVector : struct, ILanes<TVector, TLane>
    {
        // Two statements: of one the compiler would keep the load where nothing is scaled.
        if (!TFold.IsScaled) return rowScale;
        return isUniform ? rowScale : rowScale * TVector.Load(widthScales);
    }

    /// <summary>The scale of a whole row where that is one, else its part across the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector RowScale<TVector>(long divisor)
        where TVector : struct, ILanes<TVector, TLane> => TVector.Create(Scale(divisor));

    /// <summary>A lane of <see cref="RowScale{TVector}"/>.</summary>
    public TLane Scale(long divisor) => TFold.IsScaled ? Fold.Scale(IsUniform ? Fold.UniformCount : divisor) : default;

    /// <summary>Finishes a run of lanes of one output row; the last register reaches back over the one before.</summary>
    /// <param name="lanes">The accumulators; a register may be read beyond the end.</param>
    /// <param name="cells">The outputs.</param>
    /// <param name="count">How many.</param>
    /// <param name="rowScale">See <see cref="RowScale{TVector}"/>.</param>
    /// <param name="widthScales">The scales of these outputs along the width.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public void FinishRow<TVector>(TLane* lanes, T* cells, long count, in TVector rowScale, TLane* widthScales)
        where TVector : struct, ILanes<TVector, TLane>
    {
        TFold fold = Fold;
        bool isUniform = IsUniform;
        if (count < TVector.Count)
        {
            fold.FinishFew(TVector.Load(lanes), ScaleOf(isUniform, rowScale, widthScales), cells, count);
            return;
        }
        for (long i = 0; i < count; i += TVector.Count)
        {
            i = Math.Min(i, count - TVector.Count);
            fold.Finish(TVector.Load(lanes + i), ScaleOf(isUniform, rowScale, widthScales + i), cells + i);
        }
    }

    /// <summary>The same with a scale for every output, whole.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public void FinishScaled<TVector>(TLane* lanes, T* cells, long count, TLane* scales)
        where TVector : struct, ILanes<TVector, TLane>
    {
        TFold fold = Fold;
        long i = 0;
        for (; i + TVector.Count <= count; i += TVector.Count) fold.Finish(TVector.Load(lanes + i), TVector.Load(scales + i), cells + i);
        if (i < count) fold.FinishFew(TVector.Load(lanes + i), TVector.Load(scales + i), cells + i, count - i);
    }

    /// <summary>A few cells by way of a whole register beside the output, for a fold that does not care where its cells go.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FinishAside<TVector>(TFold fold, TVector accumulator, TVector scale, T* cells, long count)
        where TVector : struct, ILanes<TVector, TLane>
    {
        T* all = stackalloc T[TVector.Count];
        fold.Finish(accumulator, scale, all);
        for (long i = 0; i < count; i++) cells[i] = all[i];
    }

    /// <summary>Combines cells of several rows into lanes; a register may be written beyond the end.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="count">How many.</param>
    /// <param name="offset">The first cell of each.</param>
    /// <param name="cells">How many cells.</param>
    /// <param name="lanes">Where they go.</param>
    /// <returns>Whether no NaN was met, see <see cref="IFold{T, TLane}.Watch"/>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public bool LiftRows<TVector>(T** rows, int count, long offset, long cells, TLane* lanes)
        where TVector : struct, ILanes<TVector, TLane>
    {
        TFold fold = Fold;
        long i = 0;
        TVector seen = TVector.Create(default);
        if (count == 0)
        {
            for (; i < cells; i += TVector.Count) TVector.Create(TFold.Identity).Store(lanes + i);
            return true;
        }
        // Reading on into the next row is harmless, reading on behind the last one is not.
        long safe = rows[count - 1] + offset + cells + TVector.Count <= InputEnd ? cells : cells - TVector.Count + 1;
        for (; i < safe; i += TVector.Count)
        {
            TVector sum = fold.Lift<TVector>(rows[0] + offset + i);
            if (count == 1) TFold.Watch(ref seen, sum, sum);
            for (int row = 1; row < count; row++)
            {
                TVector cell = fold.Lift<TVector>(rows[row] + offset + i);
                // A NaN that the sum has lost is seen already.
                TFold.Watch(ref seen, sum, cell);
                sum = TFold.Combine(sum, cell);
            }
            sum.Store(lanes + i);
        }
        for (; i < cells; i++)
        {
            TLane sum = fold.Lift(rows[0] + offset + i);
            for (int row = 1; row < count; row++) sum = TFold.Combine(sum, fold.Lift(rows[row] + offset + i));
            lanes[i] = sum;
            TFold.Watch(ref seen, TVector.Create(sum), TVector.Create(sum));
        }
        return !TFold.IsWatchful || TVector.IsZero(seen);
    }
}
