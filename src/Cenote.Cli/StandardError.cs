namespace Cenote.Cli;

/// <summary>Where progress and errors go. A closed or full one says nothing, and changes nothing of how a run ends.</summary>
internal static class StandardError
{
    /// <summary>Says one line.</summary>
    public static void Say(string line)
    {
        try
        {
            Console.Error.WriteLine(line);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // There is nowhere left to say so.
        }
    }
}
