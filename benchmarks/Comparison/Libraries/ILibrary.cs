namespace Comparison.Libraries;

/// <summary>A library that pools.</summary>
internal interface ILibrary
{
    string Name { get; }

    /// <summary>Empty where the library does not tell; none where it does not load on this machine.</summary>
    string? Version { get; }

    /// <summary>Somebody who computes a case by this library; none where the library has no such operator.</summary>
    Contender? Enter(Given given, int threads);
}
