namespace Comparison.Libraries;

/// <summary>What a native library must be given back, last come first.</summary>
internal sealed class Handles : IDisposable
{
    private readonly Stack<Action> _destroy = [];

    public void Add(nint handle, Func<nint, int> destroy) => _destroy.Push(() => destroy(handle));

    public void Dispose()
    {
        while (_destroy.TryPop(out Action? destroy)) destroy();
    }
}
