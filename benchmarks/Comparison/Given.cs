using System.Numerics.Tensors;
using Cenote;

namespace Comparison;

/// <summary>What everybody computes a case from: the same numbers in the same memory.</summary>
internal sealed class Given
{
    // What is handed out lives as long as this: libraries know no more of it than an address.
    private readonly List<object> _memory = [];

    public Given(Case @case)
    {
        Case = @case;
        Input = Cells<float>(@case.Shape);
        Random random = new(1);
        foreach (ref float cell in Input.Span) cell = random.NextSingle() * 2 - 1;
        PooledShape = @case.Window.OutputShape(@case.Shape);
        if (@case.Boxes is not null) PooledShape[0] = @case.Boxes.Count;
        Boxes = Cells<float>([@case.Boxes?.Count ?? 0, Proposals.Numbers]);
        @case.Boxes?.Draw(@case.Shape, Boxes.Span);
        Pooled = NewPooled();
        Indices = NewIndices();
        if (!@case.IsBackward) return;
        Pool.Select<float, Max<float>>(Input.AsTensor(@case.Shape), @case.Window, default, Pooled.AsTensor(PooledShape), Indices.AsTensor(PooledShape));
    }

    public Case Case { get; }

    public AlignedCells<float> Input { get; }

    public nint[] PooledShape { get; }

    /// <summary>(K, 5); none where the case has no regions.</summary>
    public AlignedCells<float> Boxes { get; }

    /// <summary>The gradient of the output, which is the maxima; nothing where the case goes forward.</summary>
    public AlignedCells<float> Pooled { get; }

    /// <summary>The places of the maxima; nothing where the case goes forward.</summary>
    public AlignedCells<long> Indices { get; }

    /// <summary>Memory for the result.</summary>
    public AlignedCells<float> NewOutput() => Case.IsBackward ? Cells<float>(Case.Shape) : NewPooled();

    public AlignedCells<float> NewPooled() => Cells<float>(PooledShape);

    public AlignedCells<long> NewIndices() => Cells<long>(PooledShape);

    private AlignedCells<T> Cells<T>(ReadOnlySpan<nint> shape)
        where T : unmanaged
    {
        nint count = 1;
        foreach (nint length in shape) count *= length;
        AlignedCells<T> cells = new(count);
        _memory.Add(cells);
        return cells;
    }
}
