namespace Cenote.Kernels;

/// <summary>A fold that follows from one or two simple ones of functions of the cells, which the kernels know; computed in double.</summary>
internal interface ILiftedFold
{
    /// <summary>What each part does with a window: one or two of them.</summary>
    ReadOnlySpan<LiftedPart> Parts { get; }

    /// <summary>Makes what a part is about, in place.</summary>
    /// <param name="part">Which.</param>
    /// <param name="cells">The cells.</param>
    /// <param name="lifted">The cells for the first part, for the second what the first has left; afterwards what is folded.</param>
    /// <param name="taps">The most cells of a window.</param>
    /// <returns>Whether no result can overflow or lose its digits, or lead where the fold itself does not: else it is done cell by cell.</returns>
    bool Lift(int part, ReadOnlySpan<double> cells, Span<double> lifted, long taps);

    /// <summary>The results, in the place of the first part's.</summary>
    /// <param name="cells">The cells; of a fold of one part as they have been lifted.</param>
    /// <param name="first">Of the first part.</param>
    /// <param name="second">Of the second, empty where there is none.</param>
    /// <returns>Whether they are the fold's.</returns>
    bool Finish(ReadOnlySpan<double> cells, Span<double> first, ReadOnlySpan<double> second);
}
