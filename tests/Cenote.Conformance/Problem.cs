using System.Numerics;
using System.Numerics.Tensors;
using CsCheck;

namespace Cenote.Conformance;

/// <summary>A pooling node with everything that ONNX lets one ask, and the input it gets.</summary>
internal sealed record Problem(
    int[] Shape, int[] Kernel, int[] Strides, int[] Dilations, int[] Pads, string AutoPad, bool Ceil, int Flag, int Seed)
{
    public int Rank => Kernel.Length;

    public Window Window => Onnx.Window(
        Of(Kernel), Of(Strides), Onnx.AutoPad(AutoPad, AutoPad == "NOTSET" ? Onnx.Pads(Pads) : default), Of(Dilations), Ceil, Rank);

    public long[] LongShape => [.. Shape.Select(length => (long)length)];

    public nint[] NativeShape => [.. Shape.Select(length => (nint)length)];

    public (string, object)[] Attributes(params (string, object)[] others) =>
    [
        ("kernel_shape", Kernel), ("strides", Strides), ("dilations", Dilations), ("ceil_mode", Ceil ? 1 : 0),
        AutoPad == "NOTSET" ? ("pads", Pads) : ("auto_pad", AutoPad), .. others,
    ];

    public T[] Values<T>()
        where T : unmanaged, INumber<T>
    {
        Random random = new(Seed);
        return [.. Enumerable.Range(0, Shape.Aggregate(1, (a, b) => a * b)).Select(_ => T.CreateSaturating(random.Next(4) == 0 ? random.Next(-3, 4) : random.NextDouble() * 200 - 100))];
    }

    public override string ToString() =>
        $"shape [{string.Join(",", Shape)}] kernel [{string.Join(",", Kernel)}] strides [{string.Join(",", Strides)}] dilations [{string.Join(",", Dilations)}] {AutoPad} pads [{string.Join(",", Pads)}] ceil {Ceil} flag {Flag} seed {Seed}";

    private static Sizes Of(int[] sizes) => Sizes.Of([.. sizes.Select(size => (int?)size)]);
}
