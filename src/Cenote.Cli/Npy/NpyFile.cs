using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Cenote.Plotting;

namespace Cenote.Cli;

/// <summary>Arrays on disk, as <c>numpy.load</c> and <c>numpy.save</c> have them.</summary>
internal static class NpyFile
{
    /// <summary>Reads a whole file.</summary>
    /// <exception cref="RefusedException">There is no such file.</exception>
    /// <exception cref="FormatException">The file is no .npy file, not one that can be read here, or of another size than it claims.</exception>
    public static NpyArray Read(string path)
    {
        RefusedException.ThrowIfNoFile(path, "an .npy file");
        using FileStream stream = File.OpenRead(path);
        NpyHeader header = NpyHeader.Read(stream, path);
        string claimed = $"the cells of {Shape.Format(header.Shape)} {header.Type.Name} that its header claims";
        try
        {
            NpyArray array = header.Type.Read(stream, header);
            return stream.ReadByte() < 0 ? array : throw new FormatException($"'{path}' holds more than {claimed}");
        }
        catch (EndOfStreamException)
        {
            throw new FormatException($"'{path}' ends before {claimed}");
        }
    }

    /// <summary>Finds out before the work whether files can be written; writes none.</summary>
    /// <param name="paths">The files, those that are asked for.</param>
    /// <exception cref="RefusedException">One cannot, or two are the same.</exception>
    public static void Check(params ReadOnlySpan<string?> paths)
    {
        HashSet<string> seen = [];
        foreach (string? path in paths)
        {
            if (path is null) continue;
            if (path.Length == 0) throw new RefusedException("the name of an output file is empty; it must be a path, such as out.npy");
            try
            {
                if (!seen.Add(WholeFile.Check(path))) throw new RefusedException($"'{path}' is given for two outputs; each needs a file of its own");
            }
            catch (IOException exception)
            {
                throw new RefusedException(exception.Message);
            }
        }
    }

    /// <summary>Writes a whole file, or none.</summary>
    public static void Write<T>(string path, Tensor<T> tensor)
        where T : unmanaged
    {
        byte[] header = NpyHeader.ForWriting(NpyType.Of<T>(), tensor.Lengths);
        T[] cells = tensor.Cells();
        WholeFile.Write(path, file =>
        {
            file.Write(header);
            NpyType.ByPart(cells, part => file.Write(MemoryMarshal.AsBytes(part)));
        });
    }
}
