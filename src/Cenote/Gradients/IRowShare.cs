using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>What one row of outputs gives to the input rows that it taps, where no two windows overlap. Implement it as a readonly struct.</summary>
internal unsafe interface IRowShare<T>
    where T : unmanaged
{
    /// <summary>Bytes of working memory.</summary>
    long ScratchBytes { get; }

    /// <summary>Whether <see cref="Fill"/> writes every cell of the rows; else it is given rows of zeros.</summary>
    bool FillsRows { get; }

    /// <summary>Works out what all rows have in common.</summary>
    void Prepare(void* scratch);

    /// <summary>Writes the rows of input.</summary>
    /// <param name="output">The row of outputs, by where it is in memory.</param>
    /// <param name="at">The windows' places across the rows.</param>
    /// <param name="rows">The rows that it taps, in order.</param>
    /// <param name="count">How many; may be 0.</param>
    /// <param name="scratch">What was prepared.</param>
    void Fill(long output, in RowPlace at, T** rows, int count, void* scratch);
}
