namespace Cenote.Kernels;

/// <summary>A loop that is worth threads but no kernel of its own: so many units, done by a function.</summary>
/// <param name="units">How many there are.</param>
/// <param name="unitBytes">Bytes that one reads and writes, about; what is read again counts again.</param>
/// <param name="run">Does the units from the first up to but without the end.</param>
internal readonly struct EachUnit(long units, long unitBytes, Action<long, long> run) : IKernel
{
    public long Units => units;

    public long UnitBytes => unitBytes;

    public void Run(long first, long end) => run(first, end);
}
