using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Cenote.Tests.Golden;

/// <summary>Reads arrays from the .npz files that lie beside the tests: little-endian, in rows or in columns, given back in rows.</summary>
internal static class GoldenFile
{
    /// <summary>The path of a file that the repository holds, from its root.</summary>
    public static string InRepository(string path)
    {
        string? folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Cenote.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("No folder above the tests holds Cenote.slnx.");
        }

        return Path.Combine(folder, path);
    }

    public static T[] Read<T>(string archive, string name)
        where T : unmanaged
    {
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(AppContext.BaseDirectory, "Golden", archive + ".npz"));
        using Stream entry = zip.GetEntry(name + ".npy")!.Open();
        using MemoryStream content = new();
        entry.CopyTo(content);
        ReadOnlySpan<byte> bytes = content.ToArray();

        // Magic (6), version (2), header length (2): version 1, as numpy.save writes it.
        int headerEnd = 10 + BitConverter.ToUInt16(bytes[8..]);
        string header = Encoding.ASCII.GetString(bytes[10..headerEnd]);
        T[] values = MemoryMarshal.Cast<byte, T>(bytes[headerEnd..]).ToArray();
        if (!header.Contains("'fortran_order': True", StringComparison.Ordinal))
        {
            return values;
        }

        string shape = header.Split('(')[1].Split(')')[0];
        int[] lengths = [.. shape.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(length => int.Parse(length, null))];
        int rows = lengths[0], columns = lengths[1];
        T[] inRows = new T[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            inRows[(i % rows * columns) + (i / rows)] = values[i];
        }

        return inRows;
    }
}
