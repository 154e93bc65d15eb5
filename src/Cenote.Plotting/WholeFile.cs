namespace Cenote.Plotting;

/// <summary>Writes files that appear whole or not at all.</summary>
internal static class WholeFile
{
    internal static void Write(string path, byte[] bytes) => Write(path, file => file.Write(bytes));

    internal static void Write(string path, Action<Stream> write)
    {
        string target = Target(path);
        string beside = IsDevice(target) ? target : Beside(target);
        try
        {
            using (var file = new FileStream(beside, beside == target ? FileMode.Open : FileMode.CreateNew, FileAccess.Write))
            {
                write(file);
                file.Flush(flushToDisk: beside != target);
            }

            if (beside != target)
            {
                File.Move(beside, target, overwrite: true);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (beside != target)
            {
                File.Delete(beside);
            }

            throw new IOException($"cannot write '{path}': {error.Message}", error);
        }
    }

    /// <summary>Finds out before a long work whether its file can be written; leaves nothing behind.</summary>
    /// <exception cref="IOException">It cannot; the message says why.</exception>
    internal static void Check(string path)
    {
        string target = Target(path);
        if (IsDevice(target))
        {
            return;
        }

        try
        {
            using FileStream probe = new(Beside(target), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"cannot write '{path}': no file can be made in '{Path.GetDirectoryName(target)}'", error);
        }
    }

    /// <summary>The file that is meant: behind a link what it points to, so that the link stays one.</summary>
    private static string Target(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = Path.GetFullPath(path);
        if (Directory.Exists(target))
        {
            throw new IOException($"cannot write '{path}': it is a folder");
        }

        if (!IsDevice(target) && new FileInfo(target) is { LinkTarget: not null } link)
        {
            target = link.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        }

        string folder = Path.GetDirectoryName(target)!;
        return Directory.Exists(folder) ? target : throw new DirectoryNotFoundException($"cannot write '{path}': there is no folder '{folder}'");
    }

    // A terminal, a pipe, /dev/null: renaming would put a file in their place.
    private static bool IsDevice(string target) =>
        !OperatingSystem.IsWindows() && (target.StartsWith("/dev/", StringComparison.Ordinal) || target.StartsWith("/proc/", StringComparison.Ordinal)) && File.Exists(target);

    private static string Beside(string target) => Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetRandomFileName()}.tmp");
}
