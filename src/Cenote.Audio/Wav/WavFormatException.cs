namespace Cenote.Audio;

/// <summary>
/// The bytes are not a WAV recording that can be read; the one-line message says what is wrong, at which byte, and what would be right.
/// </summary>
public sealed class WavFormatException : FormatException
{
    /// <summary>An error without a message of its own.</summary>
    public WavFormatException() { }

    /// <summary>An error with its message.</summary>
    /// <param name="message">One line: what, where (byte offset), and what would be right.</param>
    public WavFormatException(string message) : base(message) { }

    /// <summary>An error with its message and what caused it.</summary>
    /// <param name="message">One line: what, where (byte offset), and what would be right.</param>
    /// <param name="innerException">The error underneath.</param>
    public WavFormatException(string message, Exception innerException) : base(message, innerException) { }
}
