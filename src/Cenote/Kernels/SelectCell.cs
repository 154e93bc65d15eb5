namespace Cenote.Kernels;

/// <summary>A selector fed tap by tap: the winner's value and index, -1 where there is no tap.</summary>
internal unsafe struct SelectCell<T, TSelector>(TSelector selector, T* values, long* indices) : ICellVisitor<T>
    where T : unmanaged
    where TSelector : struct, ISelector<T>
{
    private T _best;
    private long _index;

    public readonly bool CountsPadding => false;

    public void Open() => (_best, _index) = (selector.Empty, -1);

    public void Visit(T value, long index)
    {
        if (_index < 0 || selector.Wins(value, _best)) (_best, _index) = (value, index);
    }

    public readonly void Close(long position, long count) => (values[position], indices[position]) = (_best, _index);
}
