namespace Cenote.Numerics;

/// <summary>Random numbers by position and not by turn: the same for any order of work and any number of threads.</summary>
internal static class CounterRandom
{
    // The golden ratio in 64 bits: neighbouring positions land far apart.
    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>A number from 0 to just under 1 in 24 bits, which a float holds too.</summary>
    /// <param name="seed">The same numbers for the same seed.</param>
    /// <param name="position">Which number.</param>
    public static double Uniform(long seed, long position) => (Mix(Mix((ulong)seed) + (ulong)position) >> 40) * (1.0 / (1 << 24));

    /// <summary>SplitMix64. Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014).</summary>
    private static ulong Mix(ulong bits)
    {
        bits += Step;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
