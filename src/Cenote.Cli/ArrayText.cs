using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text;

namespace Cenote.Cli;

/// <summary>An array for people: brackets and aligned columns, as numpy prints it.</summary>
internal static class ArrayText
{
    private const int MostCells = 1000;

    /// <summary>The array as text, or its size where it is too large to read.</summary>
    public static string Format<T>(Tensor<T> tensor)
        where T : unmanaged, INumber<T>
    {
        if (tensor.FlattenedLength > MostCells) return $"({tensor.FlattenedLength} values; -o writes them to a file)";
        string[] texts = [.. tensor.Cells().Select(cell => cell.ToString(null, CultureInfo.InvariantCulture))];
        int width = texts.Length == 0 ? 0 : texts.Max(text => text.Length);
        StringBuilder text = new();
        int next = 0;
        Append(tensor.Lengths, depth: 0);
        return text.ToString();

        void Append(ReadOnlySpan<nint> lengths, int depth)
        {
            if (lengths.IsEmpty)
            {
                text.Append(texts[next++].PadLeft(width));
                return;
            }
            text.Append('[');
            for (nint i = 0; i < lengths[0]; i++)
            {
                if (i > 0 && lengths.Length == 1) text.Append(' ');
                else if (i > 0) text.Append('\n', lengths.Length - 1).Append(' ', depth + 1);
                Append(lengths[1..], depth + 1);
            }
            text.Append(']');
        }
    }
}
