using System.Runtime.InteropServices;

namespace Cenote.Audio;

/// <summary>Working space of transforms, aligned so that no vector lies in two cache lines; in an array every other one does.</summary>
internal sealed unsafe class LaneMemory(int length) : IDisposable
{
    public ComplexLanes* Start { get; } =
        (ComplexLanes*)NativeMemory.AlignedAlloc((nuint)length * (nuint)sizeof(ComplexLanes), alignment: 64);

    public void Dispose() => NativeMemory.AlignedFree(Start);
}
