namespace Cenote.Cli;

/// <summary>The terminal that standard output goes to.</summary>
internal static class Screen
{
    /// <summary>What keeps colours from it, by the user's word or its own; <c>null</c> for nothing.</summary>
    public static string? NoColors =>
        Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } ? "NO_COLOR" : Environment.GetEnvironmentVariable("TERM") == "dumb" ? "TERM=dumb" : null;

    /// <summary>Its width in characters: a usual one where it tells none, and enough for a help text or a picture where it is narrower.</summary>
    /// <param name="ofFile">What is taken where standard output is no terminal.</param>
    public static int Width(int ofFile) => Console.IsOutputRedirected ? ofFile : Console.WindowWidth is > 0 and var width ? Math.Clamp(width, 20, 1000) : 80;
}
