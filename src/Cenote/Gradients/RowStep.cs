namespace Cenote.Gradients;

/// <summary>How <see cref="RowSpread{T, TLane, TVector}"/> brings the sums of a row of gradients to the cells of a row.</summary>
internal enum RowStep
{
    /// <summary>Windows move by one or two: cells of one phase of the stride are whole registers of sums, moved.</summary>
    Phases,

    /// <summary>Each tap of a register of cells is picked from a register of sums.</summary>
    Picks,

    /// <summary>The same, where registers of cells come again after a few and zeros around the sums stand for the outputs that are not there.</summary>
    PeriodicPicks,

    /// <summary>Runs of cells that the same outputs reach are filled.</summary>
    Fills,

    /// <summary>Each sum is added to the taps of its window.</summary>
    Scatter,

    /// <summary>Rows are turned so that they come last, as channels do: the outputs that reach a cell are added up for as many rows as a register has lanes.</summary>
    Turns,

    /// <summary>With channels last: the outputs that reach a cell are added up.</summary>
    Channels,
}
