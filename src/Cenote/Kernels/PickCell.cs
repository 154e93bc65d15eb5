using System.Numerics;

namespace Cenote.Kernels;

/// <summary>Each window's cells kept until all are there, then one of them picked; the last NaN where there is one, 0 at -1 where there is no cell.</summary>
internal unsafe struct PickCell<T, TPick>(TPick pick, long mostTaps, T* values, long* indices) : ICellVisitor<T>
    where T : unmanaged, INumber<T>
    where TPick : struct, IPick<T>
{
    // Rented at the first window, so that every copy of the visitor has its own.
    private long* _indices;
    private T* _cells;
    private T* _scratch;
    private int _count;
    private int _lastNaN;

    public readonly bool CountsPadding => false;

    public void Open()
    {
        if (_indices == null)
        {
            _indices = (long*)Scratch.Rent(mostTaps * (sizeof(long) + 2 * sizeof(T)));
            _cells = (T*)(_indices + mostTaps);
            _scratch = _cells + mostTaps;
        }
        (_count, _lastNaN) = (0, -1);
    }

    public void Visit(T value, long index)
    {
        if (T.IsNaN(value)) _lastNaN = _count;
        (_cells[_count], _indices[_count]) = (value, index);
        _count++;
    }

    public readonly void Close(long position, long count)
    {
        int place = _lastNaN >= 0 || _count == 0 ? _lastNaN : pick.Among(new(_cells, _count), new(_scratch, _count), position);
        values[position] = place < 0 ? T.Zero : _cells[place];
        if (indices != null) indices[position] = place < 0 ? -1 : _indices[place];
    }
}
