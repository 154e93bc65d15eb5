using System.Buffers;
using System.Runtime.InteropServices;

namespace Cenote.Audio;

/// <summary>Working space of transforms, aligned so that no vector lies in two cache lines; in an array every other one does.</summary>
internal sealed unsafe class LaneMemory : IDisposable
{
    private const int CacheLine = 64;

    private readonly byte[] _rented;
    private GCHandle _pin;

    public LaneMemory(int length)
    {
        _rented = ArrayPool<byte>.Shared.Rent(checked((length * sizeof(ComplexLanes)) + CacheLine));
        _pin = GCHandle.Alloc(_rented, GCHandleType.Pinned);
        Start = (ComplexLanes*)((_pin.AddrOfPinnedObject() + CacheLine - 1) & -CacheLine);
    }

    public ComplexLanes* Start { get; }

    public void Dispose()
    {
        _pin.Free();
        ArrayPool<byte>.Shared.Return(_rented);
    }
}
