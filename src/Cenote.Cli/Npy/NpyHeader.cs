using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Cenote.Cli;

/// <summary>What an .npy file says about its array before the cells. Source: NumPy's <c>numpy.lib.format</c>.</summary>
/// <param name="Type">The type of the cells.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
/// <param name="IsColumnMajor">Whether the first axis varies fastest (Fortran order).</param>
/// <param name="Shape">The lengths of the axes, at least one.</param>
/// <param name="CellCount">How many cells that makes.</param>
internal sealed partial record NpyHeader(NpyType Type, bool IsBigEndian, bool IsColumnMajor, nint[] Shape, int CellCount)
{
    private const int MostHeaderBytes = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads the header, and holds it against the size of a file, so that nothing is allocated that is not there; a pipe tells none.</summary>
    /// <exception cref="FormatException">The file is no .npy file, or not one that can be read here.</exception>
    public static NpyHeader Read(Stream stream, string path)
    {
        Span<byte> start = stackalloc byte[8];
        if (stream.ReadAtLeast(start, 8, throwOnEndOfStream: false) < 8 || !start.StartsWith(Magic))
            throw new FormatException($"'{path}' is no .npy file: it must begin with \\x93NUMPY");
        int lengthBytes = start[6] switch { 1 => 2, 2 or 3 => 4, _ => throw new FormatException($"'{path}' is .npy version {start[6]}.{start[7]}; it must be 1, 2 or 3") };
        byte[] length = new byte[4];
        if (stream.ReadAtLeast(length.AsSpan(0, lengthBytes), lengthBytes, throwOnEndOfStream: false) < lengthBytes) throw Cut(path);
        uint bytes = BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (bytes > MostHeaderBytes) throw new FormatException($"'{path}' has an .npy header of {bytes} bytes; at most {MostHeaderBytes} are read");
        byte[] header = new byte[bytes];
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length) throw Cut(path);
        string text = Encoding.UTF8.GetString(header);

        Match type = TypePattern().Match(text), order = OrderPattern().Match(text), shape = ShapePattern().Match(text);
        string? missing = !type.Success ? "descr" : !order.Success ? "fortran_order" : !shape.Success ? "shape" : null;
        if (missing is not null) throw new FormatException($"'{path}' has an .npy header without {missing}; it must have a descr, a fortran_order and a shape");
        (string sign, string code) = (type.Groups["order"].Value, type.Groups["code"].Value);
        NpyType cell = Array.Find(NpyType.All, known => known.Code == code)
            ?? throw new FormatException($"'{path}' holds {sign}{code}; it must hold one of {string.Join(", ", NpyType.All.Select(known => known.Name))}");

        nint[] lengths = Lengths(shape.Groups[1].Value, path);
        if (lengths.Length == 0) throw new FormatException($"'{path}' holds a single number of shape (); it must have an axis to pool");
        Int128 cells = lengths.Aggregate((Int128)1, (count, one) => count * one);
        if (stream.CanSeek && stream.Length - stream.Position is var there && cells * cell.Size != there)
            throw new FormatException($"'{path}' claims {Cenote.Shape.Format(lengths)} {cell.Name}, {cells * cell.Size} bytes, and holds {there}");
        if (cells > Array.MaxLength) throw new FormatException($"'{path}' holds {cells} cells; at most {Array.MaxLength} are read");
        return new(cell, sign == ">", order.Groups[1].Value == "True", lengths, (int)cells);
    }

    /// <summary>The header of an array that is written: little-endian, row-major, padded so that the cells begin at a multiple of 64.</summary>
    public static byte[] ForWriting(NpyType type, ReadOnlySpan<nint> shape)
    {
        string text = $"{{'descr': '{(type.Size == 1 ? '|' : '<')}{type.Code}', 'fortran_order': False, 'shape': {Cenote.Shape.Format(shape)}, }}";
        int unpadded = Magic.Length + 4 + text.Length + 1, total = (unpadded + 63) / 64 * 64;
        byte[] header = new byte[total];
        Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(total - 10));
        Encoding.ASCII.GetBytes(text.PadRight(total - 11) + "\n", header.AsSpan(10));
        return header;
    }

    private static nint[] Lengths(string text, string path)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        nint[] lengths = new nint[parts.Length];
        for (int axis = 0; axis < parts.Length; axis++)
            if (!nint.TryParse(parts[axis].TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out lengths[axis]))
                throw new FormatException($"'{path}' has shape ({text}); every length must be a whole number, 0 or more");
        return lengths;
    }

    private static FormatException Cut(string path) => new($"'{path}' ends inside its .npy header");

    // One type in quotes, or a list of fields, which none of the types is.
    [GeneratedRegex("'descr'\\s*:\\s*('(?<order>[<>|=]?)(?<code>[^']+)'|(?<code>\\[.*\\]))")]
    private static partial Regex TypePattern();

    [GeneratedRegex("'fortran_order'\\s*:\\s*(True|False)")]
    private static partial Regex OrderPattern();

    [GeneratedRegex("'shape'\\s*:\\s*\\(([^)]*)\\)")]
    private static partial Regex ShapePattern();
}
