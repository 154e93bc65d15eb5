namespace Cenote.Cli;

/// <summary>The folder that results go to, tried before the work and not after it.</summary>
internal static class OutputFolder
{
    /// <summary>Finds out whether the folder can be written to, or made; makes nothing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="files">The paths of the files that will be in it.</param>
    /// <exception cref="RefusedException">It cannot, or a folder stands where a file is to be.</exception>
    public static void Check(string folder, IEnumerable<string> files)
    {
        if (folder.Length == 0) throw new RefusedException("--output is empty; it must be a folder");
        string there = Path.GetFullPath(folder);
        while (!Directory.Exists(there) && !File.Exists(there) && Path.GetDirectoryName(there) is { } parent) there = parent;
        try
        {
            using FileStream probe = new(
                Path.Combine(there, $".{Path.GetRandomFileName()}.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"--output is '{folder}'; it must be a folder that can be written to, and '{there}' is none");
        }
        if (files.FirstOrDefault(Directory.Exists) is { } taken) throw new RefusedException($"cannot write '{taken}': it is a folder");
    }
}
