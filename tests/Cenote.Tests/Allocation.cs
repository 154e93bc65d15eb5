namespace Cenote.Tests;

internal static class Allocation
{
    /// <summary>The least that one of 20 calls allocates on this thread, in bytes: what is made once, or again after a collection has emptied a pool, may come at any call.</summary>
    public static long Least(Action call) =>
        Enumerable.Range(0, 20).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            call();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
}
