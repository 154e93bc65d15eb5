using System.Diagnostics.CodeAnalysis;
using System.Runtime.Intrinsics;

namespace Cenote.Kernels;

/// <summary>A register of lanes. Kernels are written once over this; each width is one thin struct.</summary>
internal unsafe interface ILanes<TSelf, TLane>
    where TSelf : struct, ILanes<TSelf, TLane>
    where TLane : unmanaged
{
    /// <summary>How many lanes.</summary>
    static abstract int Count { get; }

    /// <summary>The same value in every lane.</summary>
    static abstract TSelf Create(TLane value);

    /// <summary>The next <see cref="Count"/> lanes from memory, at any address.</summary>
    static abstract TSelf Load(TLane* lanes);

    /// <summary>All lanes to memory, at any address.</summary>
    void Store(TLane* lanes);

    /// <summary>All lanes to memory around the caches, at a multiple of the register's length, see <see cref="Streaming"/>.</summary>
    void StoreAround(TLane* lanes);

    /// <summary>0, 1, 2, …; integer lanes.</summary>
    static abstract TSelf Ramp { get; }

    /// <summary>The next <see cref="Count"/> cells from memory as lanes, exact.</summary>
    static abstract TSelf Widen<TCell>(TCell* cells)
        where TCell : unmanaged;

    /// <summary>Twice as many cells as there are lanes, those at even places and those at odd ones: nothing is moved from lane to lane. Whole numbers and <see cref="BFloat16"/>, half as long as a lane of up to 32 bits.</summary>
    static abstract void Split<TCell>(TCell* cells, out TSelf even, out TSelf odd)
        where TCell : unmanaged;

    /// <summary>What <see cref="Split{TCell}"/> takes apart, or halves, to memory: rounded as <see cref="Narrow{TCell}"/> does.</summary>
    static abstract void NarrowSplit<TCell>(TSelf even, TSelf odd, TCell* cells)
        where TCell : unmanaged;

    /// <summary><see cref="HalfLanes.WidenScaled(Vector128{int})"/>.</summary>
    static abstract TSelf WidenScaled(Half* cells);

    /// <summary><see cref="HalfLanes.SplitScaled(Vector128{int}, out Vector128{float}, out Vector128{float}, ref Vector128{float})"/>.</summary>
    static abstract void SplitScaled(Half* cells, out TSelf even, out TSelf odd, ref TSelf seen);

    /// <summary><see cref="HalfLanes.AreFinite(Vector128{float})"/>.</summary>
    static abstract bool AreFinite(TSelf seen);

    /// <summary><see cref="HalfLanes.WatchScaled(Vector128{float}, Vector128{float}, Vector128{float})"/>.</summary>
    static abstract TSelf WatchScaled(TSelf seen, TSelf left, TSelf right);

    /// <summary><see cref="HalfLanes.NarrowScaled(Vector128{float})"/>, to memory.</summary>
    void NarrowScaled(Half* cells);

    /// <summary>The same of what <see cref="SplitScaled"/> takes apart.</summary>
    static abstract void NarrowScaled(TSelf even, TSelf odd, Half* cells);

    /// <summary>All lanes to memory as cells: rounded to nearest, integers to the closest the cell can hold.</summary>
    void Narrow<TCell>(TCell* cells)
        where TCell : unmanaged;

    /// <summary>The low bits of each lane to memory as cells, or toward zero doubles that the cell can hold; lanes of 64 bits.</summary>
    void Cut<TCell>(TCell* cells)
        where TCell : unmanaged;

    static abstract TSelf operator +(TSelf left, TSelf right);

    /// <summary>The sum with lanes from memory, at any address, in one step.</summary>
    static abstract TSelf Add(TSelf left, TLane* right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    /// <summary>The quotient, rounded; of integers toward zero, exact while no sum is beyond 2^24.</summary>
    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>The square roots; of lanes of <see cref="int"/> toward zero, exact while no lane is beyond 2^24, and the more of more.</summary>
    static abstract TSelf Root(TSelf lanes);

    /// <summary>The quotient of lanes of <see cref="int"/>, toward zero.</summary>
    static abstract TSelf WideQuotient(TSelf sums, TSelf counts);

    /// <summary>The product plus a third, rounded once or twice; floating-point lanes.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    static abstract TSelf operator ^(TSelf left, TSelf right);

    static abstract TSelf operator <<(TSelf lanes, int bits);

    /// <summary>Bits moved down, the sign moved in.</summary>
    static abstract TSelf operator >>(TSelf lanes, int bits);

    /// <summary>How often a whole number under 2^51 holds another, given one over that rounded up; lanes of 64 bits.</summary>
    static abstract TSelf Times(TSelf lanes, double inverse);

    /// <summary>
    /// The product, its fraction dropped toward zero. Lanes of 16 bits: that of 16 bits and so many more, of an inverse of 2^15 and more, which of signed ones is never exact.
    /// Lanes of <see cref="int"/>: the inverse is the bits of a <see cref="float"/>.
    /// </summary>
    static abstract TSelf Times(TSelf sums, TSelf inverse, int shift);

    /// <summary>The bits of floating-point numbers as integers that sort alike, and back: of the negative ones all but the sign inverted.</summary>
    static abstract TSelf Sortable(TSelf bits);

    /// <summary>The larger of each pair; only ever asked of integer lanes, where it is associative and exact.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>The smaller of each pair; integer lanes.</summary>
    static abstract TSelf Min(TSelf left, TSelf right);

    /// <summary>The larger of each pair of floating-point numbers, +0 above -0; of a NaN nothing is promised but on Arm, which keeps it.</summary>
    static abstract TSelf MaxNumber(TSelf left, TSelf right);

    /// <summary>The smaller of each pair, likewise.</summary>
    static abstract TSelf MinNumber(TSelf left, TSelf right);

    /// <summary>The larger of each pair, read as floating-point numbers of their size: of two zeros either, of a NaN nothing is promised.</summary>
    static abstract TSelf MaxNative(TSelf left, TSelf right);

    /// <summary>The smaller of each pair, likewise.</summary>
    static abstract TSelf MinNative(TSelf left, TSelf right);

    /// <summary>The sum of each pair, read likewise.</summary>
    static abstract TSelf AddNumbers(TSelf left, TSelf right);

    /// <summary>All ones where a lane of either is a NaN; the lanes are read as floating-point numbers of their size.</summary>
    static abstract TSelf Unordered(TSelf left, TSelf right);

    /// <summary>One lane where the left one is greater and neither a NaN, read likewise, zeros being equal; else the other.</summary>
    static abstract TSelf IfGreater(TSelf left, TSelf right, TSelf yes, TSelf no);

    static abstract TSelf operator |(TSelf left, TSelf right);

    /// <summary>Whether no bit is set.</summary>
    static abstract bool IsZero(TSelf lanes);

    /// <summary>All ones where the left lane is larger; integer lanes.</summary>
    static abstract TSelf Greater(TSelf left, TSelf right);

    /// <summary>Bit by bit: <paramref name="yes"/> where the mask is set.</summary>
    static abstract TSelf Select(TSelf mask, TSelf yes, TSelf no);

    /// <summary>Lane by lane: <paramref name="yes"/> where the mask is all ones, <paramref name="no"/> where it is none; cheaper before AVX-512.</summary>
    static abstract TSelf Blend(TSelf mask, TSelf yes, TSelf no);

    /// <summary>Lanes 0, 2, 4, … of the two registers in a row.</summary>
    static abstract TSelf Even(TSelf low, TSelf high);

    /// <summary>Lanes 1, 3, 5, … of the two registers in a row.</summary>
    static abstract TSelf Odd(TSelf low, TSelf high);

    /// <summary>Lanes 0, 2, 4, … of the two registers in an order of its own, cheaper than <see cref="Even"/>: see <see cref="InOrder"/>.</summary>
    static abstract TSelf EvenMixed(TSelf low, TSelf high);

    /// <summary>Lanes 1, 3, 5, … of the two registers in the order of <see cref="EvenMixed"/>.</summary>
    static abstract TSelf OddMixed(TSelf low, TSelf high);

    /// <summary>What came by <see cref="EvenMixed"/> and <see cref="OddMixed"/> in the order of the lanes.</summary>
    static abstract TSelf InOrder(TSelf mixed);

    /// <summary>The left neighbour of each lane; that of lane 0 is the last of <paramref name="before"/>.</summary>
    static abstract TSelf Left(TSelf before, TSelf lanes);

    /// <summary>Whether <see cref="Ahead"/> is one instruction.</summary>
    static abstract bool LooksAhead { get; }

    /// <summary>Any lanes of the two registers in a row; only where <see cref="LooksAhead"/> is true.</summary>
    /// <param name="lanes">The first register.</param>
    /// <param name="after">The second.</param>
    /// <param name="places">Which lane each lane becomes, counted from the first of both; integers of the lanes' size.</param>
    static abstract TSelf Ahead(TSelf lanes, TSelf after, TSelf places);

    /// <summary>Any lanes of a register, of four or eight bytes, and zeros.</summary>
    /// <param name="lanes">The register.</param>
    /// <param name="places">Which lane each lane becomes, or <see cref="Count"/> for zero; integers of the lanes' size.</param>
    static abstract TSelf Pick(TSelf lanes, TSelf places);

    /// <summary>The lanes so many further on, fewer than a register has; fewer than 16 bytes, or a multiple of 4.</summary>
    static abstract TSelf Further(TSelf lanes, TSelf after, [ConstantExpected] byte places);

    /// <summary>The right neighbour of each lane; that of the last is lane 0 of <paramref name="after"/>.</summary>
    static abstract TSelf Right(TSelf lanes, TSelf after);

    /// <summary>Lanes where those of two others are equal, else zeros; integer lanes.</summary>
    static abstract TSelf WhereEqual(TSelf left, TSelf right, TSelf lanes);

    /// <summary>A sum that is not -0, and to it lanes where those of two others are equal, which are read as integers of their size; lanes of 32 and 64 bits.</summary>
    static abstract TSelf AddWhereEqual(TSelf sum, TSelf left, TSelf right, TSelf lanes);

    /// <summary>The lower half of both, lane by lane in turn: the lower of the two registers that <see cref="Even"/> and <see cref="Odd"/> take apart.</summary>
    static abstract TSelf ZipLow(TSelf even, TSelf odd);

    /// <summary>The upper half of both in turn.</summary>
    static abstract TSelf ZipHigh(TSelf even, TSelf odd);

    /// <summary>16 bytes each from places that are so many lanes apart.</summary>
    static abstract TSelf LoadApart(TLane* lanes, long step);

    /// <summary>16 bytes each to places that are so many lanes apart.</summary>
    void StoreApart(TLane* lanes, long step);

    /// <summary>Of every 16 bytes of both the cells of the lower half, in turn.</summary>
    static abstract TSelf UnpackLow<TCell>(TSelf left, TSelf right)
        where TCell : unmanaged;

    /// <summary>Of every 16 bytes of both the cells of the upper half, in turn.</summary>
    static abstract TSelf UnpackHigh<TCell>(TSelf left, TSelf right)
        where TCell : unmanaged;

    /// <summary>Whole numbers of 4 or 8 bytes as 64 bits, one behind the other.</summary>
    void StoreLong(long* to);

    /// <summary>Whole numbers of 2 bytes, and so much more, as 64 bits, one behind the other; no sum is beyond 32 bits.</summary>
    void StoreLong(long* to, int first);
}
