namespace Cenote.Cli;

/// <summary>What the caller asked for cannot be done: one line that says what, where, and what would be right.</summary>
internal sealed class RefusedException(string message) : Exception(message)
{
    /// <summary>Refuses a path where there is no file.</summary>
    /// <param name="path">The path.</param>
    /// <param name="kind">What it must be, such as "a WAV file".</param>
    public static void ThrowIfNoFile(string path, string kind)
    {
        if (Directory.Exists(path)) throw new RefusedException($"'{path}' is a folder; it must be {kind}");
        if (!File.Exists(path)) throw new RefusedException($"there is no file '{path}'");
    }
}
