using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>The gradient of an <see cref="ILiftedFold"/>: what an output gives to each of its cells is added up, and then met by what only the cell knows.</summary>
internal interface ILiftedGradient : ILiftedFold
{
    /// <summary>Whether there is a gradient of this fold by its parts, and whether outputs give two numbers.</summary>
    (bool Is, bool GivesTwo) Gradient { get; }

    /// <summary>What outputs give, in the place of their gradients.</summary>
    /// <param name="first">What the first part has folded.</param>
    /// <param name="second">What the second has, empty where there is none.</param>
    /// <param name="gradients">The gradients.</param>
    /// <param name="more">What they give beside, where they give two.</param>
    void Give(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Span<double> gradients, Span<double> more);

    /// <summary>The gradients of the cells, in the place of what they were given.</summary>
    /// <param name="cells">The cells, all finite.</param>
    /// <param name="given">What outputs gave them, added up; of means over the numbers of cells.</param>
    /// <param name="more">What they gave beside, where they give two.</param>
    void Meet(ReadOnlySpan<double> cells, Span<double> given, ReadOnlySpan<double> more);
}
