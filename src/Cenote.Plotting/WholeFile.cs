namespace Cenote.Plotting;

/// <summary>Writes files that appear whole or not at all.</summary>
internal static class WholeFile
{
    internal static void Write(string path, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> more = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(target) ?? target;
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"cannot write '{path}': there is no folder '{folder}'");
        }

        if (Directory.Exists(target))
        {
            throw new IOException($"cannot write '{path}': it is a folder");
        }

        string beside = Path.Combine(folder, $".{Path.GetRandomFileName()}.tmp");
        try
        {
            using (var file = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(bytes);
                file.Write(more);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, target, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            File.Delete(beside);
            throw new IOException($"cannot write '{path}': {error.Message}", error);
        }
    }
}
