namespace Cenote.Kernels;

/// <summary>A reducer as the kernels see it: a register at a time, in lanes of the type that is carried.</summary>
/// <remarks>Combining may not depend on the order or grouping of the cells unless <see cref="IsOrdered"/> asks for it.</remarks>
internal unsafe interface IFold<T, TLane>
    where T : unmanaged
    where TLane : unmanaged
{
    /// <summary>What an empty window holds.</summary>
    static abstract TLane Identity { get; }

    /// <summary>Whether a cell may be combined twice, so that windows may be covered by overlapping parts.</summary>
    static abstract bool IsIdempotent { get; }

    /// <summary>Whether <see cref="Finish{TVector}"/> looks at the scale.</summary>
    static abstract bool IsScaled { get; }

    /// <summary>Whether <see cref="Combine{TVector}"/> may lose a NaN, so that every register of cells has to be shown to <see cref="Watch"/>.</summary>
    static virtual bool IsWatchful => false;

    /// <summary>Whether where a cell stands is part of what is lifted, so that none may be copied aside first.</summary>
    static abstract bool IsPlaced { get; }

    /// <summary>Whether the cells must be combined row by row, left to right.</summary>
    bool IsOrdered { get; }

    /// <summary>Whether taps in the padding count.</summary>
    bool CountsPadding { get; }

    /// <summary>The taps of every window, where that is one number; 0 where windows differ.</summary>
    long UniformCount { get; }

    /// <summary>One cell as a lane; where it stands may be part of it.</summary>
    TLane Lift(T* cell);

    static abstract TLane Combine(TLane left, TLane right);

    /// <summary>One finished cell to memory.</summary>
    void Finish(TLane accumulator, long count, T* cell);

    /// <summary>What <see cref="Finish{TVector}"/> wants to be given for a window of this many taps.</summary>
    TLane Scale(long count);

    TVector Lift<TVector>(T* cells)
        where TVector : struct, ILanes<TVector, TLane>;

    /// <summary>Whether cells are cheaper lifted by <see cref="Split{TVector}"/>, where even and odd columns are wanted apart.</summary>
    static virtual bool IsSplit => false;

    /// <summary>Twice as many cells as there are lanes, those at even places and those at odd ones; watched, see <see cref="Stands{TVector}"/>.</summary>
    static virtual void Split<TVector>(T* cells, out TVector even, out TVector odd, ref TVector seen)
        where TVector : struct, ILanes<TVector, TLane> => throw new NotSupportedException();

    /// <summary>Whether neither <see cref="Split{TVector}"/> nor <see cref="Watch{TVector}"/> has met a NaN.</summary>
    static virtual bool Stands<TVector>(TVector seen)
        where TVector : struct, ILanes<TVector, TLane> => TVector.IsZero(seen);

    static abstract TVector Combine<TVector>(TVector left, TVector right)
        where TVector : struct, ILanes<TVector, TLane>;

    /// <summary>Leaves a bit in <paramref name="seen"/>, which begins as zero, if any of the cells is a NaN.</summary>
    static virtual void Watch<TVector>(ref TVector seen, TVector a, TVector b)
        where TVector : struct, ILanes<TVector, TLane>
    {
    }

    /// <summary>Finished cells to memory.</summary>
    void Finish<TVector>(TVector accumulator, TVector scale, T* cells)
        where TVector : struct, ILanes<TVector, TLane>;

    /// <summary>Finished cells, where they are as long as lanes; without the places of a fold that is <see cref="IsPlaced"/>.</summary>
    TVector Finished<TVector>(TVector accumulator, TVector scale)
        where TVector : struct, ILanes<TVector, TLane> => throw new NotSupportedException();

    /// <summary>Finished cells of even and odd places to memory, in turn, see <see cref="Split{TVector}"/>.</summary>
    void FinishSplit<TVector>(TVector even, TVector odd, TVector scale, T* cells)
        where TVector : struct, ILanes<TVector, TLane> => throw new NotSupportedException();

    /// <summary>The first few finished cells to memory, fewer than there are lanes.</summary>
    void FinishFew<TVector>(TVector accumulator, TVector scale, T* cells, long count)
        where TVector : struct, ILanes<TVector, TLane>;
}
