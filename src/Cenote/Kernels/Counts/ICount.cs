namespace Cenote.Kernels;

/// <summary>A small number that the compiler knows, so that a loop over it is written out.</summary>
internal interface ICount
{
    static abstract int Value { get; }
}
