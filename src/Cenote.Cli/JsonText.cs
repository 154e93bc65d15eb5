using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cenote.Cli;

/// <summary>Results for machines: one JSON object on standard output.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Prints an object.</summary>
    public static void Print(Action<Utf8JsonWriter> fill)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, Options))
        {
            writer.WriteStartObject();
            fill(writer);
            writer.WriteEndObject();
        }
        Console.WriteLine(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }

    /// <summary>Writes the lengths of a tensor's axes.</summary>
    public static void WriteShape(this Utf8JsonWriter writer, string name, ReadOnlySpan<nint> shape)
    {
        writer.WriteStartArray(name);
        foreach (nint length in shape) writer.WriteNumberValue(length);
        writer.WriteEndArray();
    }

    /// <summary>Writes a cell that is text already; <c>null</c> for none.</summary>
    public static void WriteCell(this Utf8JsonWriter writer, string name, string? text)
    {
        writer.WritePropertyName(name);
        if (text is null) writer.WriteNullValue(); else writer.WriteCell(text);
    }

    /// <summary>Writes a tensor as nested lists.</summary>
    public static void WriteArray<T>(this Utf8JsonWriter writer, string name, Tensor<T> tensor)
        where T : unmanaged, INumber<T>
    {
        T[] cells = tensor.Cells();
        writer.WritePropertyName(name);
        int next = 0;
        Write(tensor.Lengths);

        void Write(ReadOnlySpan<nint> lengths)
        {
            if (lengths.IsEmpty)
            {
                writer.WriteCell(cells[next++].ToString(null, CultureInfo.InvariantCulture));
                return;
            }
            writer.WriteStartArray();
            for (nint i = 0; i < lengths[0]; i++) Write(lengths[1..]);
            writer.WriteEndArray();
        }
    }

    // NaN and the infinities, which JSON has no number for, are strings; they alone do not end in a digit.
    private static void WriteCell(this Utf8JsonWriter writer, string text)
    {
        if (char.IsAsciiDigit(text[^1])) writer.WriteRawValue(text); else writer.WriteStringValue(text);
    }
}
