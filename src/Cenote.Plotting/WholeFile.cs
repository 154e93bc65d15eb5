using System.Collections.Concurrent;

namespace Cenote.Plotting;

/// <summary>Writes files that appear whole or not at all.</summary>
internal static class WholeFile
{
    private static readonly ConcurrentDictionary<string, bool> s_unfinished = new();

    internal static void Write(string path, byte[] bytes) => Write(path, file => file.Write(bytes));

    internal static void Write(string path, Action<Stream> write)
    {
        string target = Target(path);
        string beside = IsDevice(target) ? target : Beside(target);
        try
        {
            using (FileStream file = beside == target ? new(target, FileMode.Open, FileAccess.Write) : Begin(beside, target))
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
            throw new IOException($"cannot write '{path}': {error.Message}", error);
        }
        finally
        {
            if (beside != target)
            {
                Remove(beside);
            }
        }
    }

    /// <summary>Removes what is being written, for a process that is about to end.</summary>
    internal static void RemoveUnfinished()
    {
        foreach (string beside in s_unfinished.Keys)
        {
            Remove(beside);
        }
    }

    /// <summary>Finds out before a long work whether its file can be written; leaves nothing behind.</summary>
    /// <returns>The file that is meant, the same for each of its names.</returns>
    /// <exception cref="IOException">It cannot; the message says why.</exception>
    internal static string Check(string path)
    {
        string target = Target(path), folder = Path.GetDirectoryName(target)!;
        if (IsDevice(target))
        {
            return target;
        }

        string beside = Beside(target);
        try
        {
            Begin(beside, target).Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"cannot write '{path}': no file can be made in '{folder}'", error);
        }
        finally
        {
            Remove(beside);
        }

        return Path.Combine(WithoutLinks(folder), Path.GetFileName(target));
    }

    /// <summary>The file beside its place, with the permissions of the one that it will replace.</summary>
    private static FileStream Begin(string beside, string target)
    {
        s_unfinished.TryAdd(beside, true);
        FileStream file = new(beside, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
        if (!OperatingSystem.IsWindows() && File.Exists(target) && File.GetUnixFileMode(target) is var mode && mode != File.GetUnixFileMode(file.SafeFileHandle))
        {
            File.SetUnixFileMode(file.SafeFileHandle, mode);
        }

        return file;
    }

    /// <summary>Removes a file that was not finished; one that was has been renamed.</summary>
    private static void Remove(string beside)
    {
        try
        {
            File.Delete(beside);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What kept it from being written matters more.
        }

        s_unfinished.TryRemove(beside, out _);
    }

    private static string WithoutLinks(string folder)
    {
        if (Path.GetDirectoryName(folder) is not { } parent)
        {
            return folder;
        }

        string here = Path.Combine(WithoutLinks(parent), Path.GetFileName(folder));
        return Directory.ResolveLinkTarget(here, returnFinalTarget: true) is { } there ? WithoutLinks(there.FullName) : here;
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
