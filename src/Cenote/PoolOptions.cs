namespace Cenote;

/// <summary>How a call is carried out; never what it computes: results are equal under any options.</summary>
public sealed record PoolOptions
{
    /// <summary>The most threads at work on the call, the caller's among them; 1 or more. Default: one for each processor. Small work stays on one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number under 1.</exception>
    public int? Threads
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Threads), $"threads is {value}; it must be at least 1");
    }

    /// <summary>Stops a long call; it then throws <see cref="OperationCanceledException"/> and leaves the destination half written.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Is told, on the caller's thread, what part of a long call is done: above 0, rising, 1 at the end.</summary>
    public IProgress<double>? Progress { get; init; }
}
