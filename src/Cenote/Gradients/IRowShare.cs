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

    /// <summary>Whether <see cref="Fill"/> takes several rows of outputs at a time.</summary>
    bool FillsBands { get; }

    /// <summary>Works out what all rows have in common.</summary>
    void Prepare(void* scratch);

    /// <summary>Writes the rows of input of one row of outputs, or of a band of them: windows of whole rows, one below the other.</summary>
    /// <param name="output">The row of outputs, by where it is in memory.</param>
    /// <param name="at">The windows' places across the rows.</param>
    /// <param name="rows">The rows that it taps, in order.</param>
    /// <param name="count">How many; may be 0.</param>
    /// <param name="band">How many rows of outputs; where several, <paramref name="rows"/> and <paramref name="at"/> are the first one's.</param>
    /// <param name="scratch">What was prepared.</param>
    /// <param name="stream">Where not null, the rows are written there, and taken but for the last row of outputs.</param>
    void Fill(long output, in RowPlace at, T** rows, int count, long band, void* scratch, LineStream<T>* stream);
}
