namespace Cenote.Cli;

/// <summary>What the caller asked for cannot be done: one line that says what, where, and what would be right.</summary>
internal sealed class RefusedException(string message) : Exception(message);
