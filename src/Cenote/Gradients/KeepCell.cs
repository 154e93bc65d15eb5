using Cenote.Kernels;

namespace Cenote.Gradients;

/// <summary>A reducer fed tap by tap whose accumulators are kept unfinished, for a gradient that asks for more than the result.</summary>
internal unsafe struct KeepCell<T, TAccumulator, TReducer>(TReducer reducer, TAccumulator* accumulators) : ICellVisitor<T>
    where T : unmanaged
    where TAccumulator : unmanaged
    where TReducer : struct, IReducer<TReducer, T, TAccumulator>
{
    private TAccumulator _accumulator;

    public readonly bool CountsPadding => false;

    public void Open() => _accumulator = reducer.Identity;

    public void Visit(T value, long index) => _accumulator = reducer.Combine(_accumulator, reducer.Lift(value));

    public readonly void Close(long output, long count) => accumulators[output] = _accumulator;
}
