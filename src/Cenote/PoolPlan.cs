namespace Cenote;

/// <summary>How a call would be carried out, and why; never what it computes.</summary>
/// <param name="Kernel">The kernel's name.</param>
/// <param name="Reason">Why it was chosen, one sentence.</param>
/// <param name="RegisterBits">How wide the registers are that it works by; 0 where it goes cell by cell.</param>
public sealed record PoolPlan(string Kernel, string Reason, int RegisterBits)
{
    /// <summary><c>StrideTwo, 512 bits: The window is …</c></summary>
    public override string ToString() => RegisterBits > 0 ? $"{Kernel}, {RegisterBits} bits: {Reason}" : $"{Kernel}: {Reason}";
}
