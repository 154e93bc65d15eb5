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
        if (Directory.Exists(path)) throw new RefusedException($"'{path}' is a folder; it must be an .npy file");
        if (!File.Exists(path)) throw new RefusedException($"there is no file '{path}'");
        using FileStream stream = File.OpenRead(path);
        NpyHeader header = NpyHeader.Read(stream, path);
        return header.Type.Read(stream, header);
    }

    /// <summary>Writes a whole file, or none.</summary>
    public static void Write<T>(string path, Tensor<T> tensor)
        where T : unmanaged
    {
        byte[] header = NpyHeader.ForWriting(NpyType.Of<T>(), tensor.Lengths);
        T[] cells = new T[tensor.FlattenedLength];
        tensor.FlattenTo(cells);
        WholeFile.Write(path, header, MemoryMarshal.AsBytes(cells.AsSpan()));
    }
}
