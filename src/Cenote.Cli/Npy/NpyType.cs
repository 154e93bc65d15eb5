using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cenote.Cli;

/// <summary>A type of an .npy file: numpy's letters for it, its name and its size.</summary>
/// <param name="Code">Kind and bytes, as in <c>f4</c>.</param>
/// <param name="Name">numpy's name, as in <c>float32</c>.</param>
/// <param name="Size">Bytes of a cell.</param>
/// <param name="Type">The .NET type.</param>
/// <param name="Read">Reads the cells behind a header whose size has been checked.</param>
internal sealed record NpyType(string Code, string Name, int Size, Type Type, Func<Stream, NpyHeader, NpyArray> Read)
{
    /// <summary>Every type that can be read and written.</summary>
    public static readonly NpyType[] All =
    [
        Of<Half>("f2", "float16"), Of<float>("f4", "float32"), Of<double>("f8", "float64"),
        Of<sbyte>("i1", "int8"), Of<short>("i2", "int16"), Of<int>("i4", "int32"), Of<long>("i8", "int64"),
        Of<byte>("u1", "uint8"), Of<ushort>("u2", "uint16"), Of<uint>("u4", "uint32"), Of<ulong>("u8", "uint64"),
    ];

    /// <summary>The type of a tensor's cells.</summary>
    public static NpyType Of<T>() => Array.Find(All, type => type.Type == typeof(T))!;

    /// <summary>Does something with all cells, some at a time: no span of bytes holds 2 GB.</summary>
    public static void ByPart<T>(Span<T> cells, Action<Span<T>> part)
    {
        const int Most = 1 << 24;
        for (; cells.Length > Most; cells = cells[Most..]) part(cells[..Most]);
        part(cells);
    }

    private static NpyType Of<T>(string code, string name)
        where T : unmanaged, INumber<T> => new(code, name, Unsafe.SizeOf<T>(), typeof(T), (stream, header) =>
    {
        T[] cells = new T[header.CellCount];
        ByPart(cells, part =>
        {
            Span<byte> bytes = MemoryMarshal.AsBytes(part);
            stream.ReadExactly(bytes);
            if (header.IsBigEndian == BitConverter.IsLittleEndian) SwapBytes(bytes, Unsafe.SizeOf<T>());
        });
        return new NpyArray<T>(header.IsColumnMajor ? RowMajor(cells, header.Shape) : Tensor.Create(cells, header.Shape));
    });

    private static Tensor<T> RowMajor<T>(T[] cells, nint[] shape)
    {
        nint[] strides = new nint[shape.Length];
        nint stride = 1;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            // An axis of one cell has stride 0 here, or the tensor is refused as overlapping.
            strides[axis] = shape[axis] > 1 ? stride : 0;
            stride *= shape[axis];
        }
        return Tensor.Create(cells, shape, strides).ToDenseTensor();
    }

    private static void SwapBytes(Span<byte> bytes, int size)
    {
        switch (size)
        {
            case 2: BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ushort>(bytes), MemoryMarshal.Cast<byte, ushort>(bytes)); break;
            case 4: BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, uint>(bytes), MemoryMarshal.Cast<byte, uint>(bytes)); break;
            case 8: BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ulong>(bytes), MemoryMarshal.Cast<byte, ulong>(bytes)); break;
        }
    }
}
