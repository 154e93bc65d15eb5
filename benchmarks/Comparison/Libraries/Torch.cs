using System.Runtime.InteropServices;
using Cenote;

namespace Comparison.Libraries;

/// <summary>libtorch by <c>torch.cpp</c>, which is built with this program where libtorch's headers are.</summary>
internal sealed unsafe partial class Torch : ILibrary
{
    private const string Dll = "torch_pooling";

    public string Name => "torch";

    public string? Version { get; } = NativeLibrary.TryLoad(Dll, typeof(Torch).Assembly, DllImportSearchPath.AssemblyDirectory, out _)
        ? Marshal.PtrToStringUTF8(GetVersion()) : null;

    public Contender? Enter(Given given, int threads)
    {
        Case @case = given.Case;
        if (Function(@case) is not { } function) return null;
        IReadOnlyList<Axis> axes = @case.Window.Axes(@case.Shape);
        Strided input = Strided.Of(@case.Shape, @case.Window.Layout), pooled = Strided.Of(given.PooledShape, @case.Window.Layout);
        long[] kernel = [.. axes.Select(axis => axis.Kernel)], stride = [.. axes.Select(axis => axis.Stride)];
        long[] padding = [.. axes.Select(axis => axis.PaddingBefore)], dilation = [.. axes.Select(axis => axis.Dilation)];
        if (axes.Count == 1)
        {
            // As libtorch does it: a plane of one row.
            (kernel, stride, padding, dilation) = ([1, .. kernel], [1, .. stride], [0, .. padding], [1, .. dilation]);
            (input, pooled) = (OneRow(input), OneRow(pooled));
        }
        AlignedCells<float> output = given.NewOutput();
        bool backward = @case.IsBackward;
        AlignedCells<long> indices = backward ? given.Indices : given.NewIndices();
        nint run = Create(function, kernel.Length, kernel, stride, padding, dilation, @case.Window.CeilMode ? (byte)1 : (byte)0,
            input.Lengths, input.Strides, pooled.Lengths, pooled.Strides,
            given.Input.Address, backward ? given.Pooled.Address : output.Address, indices.Address, backward ? output.Address : null);
        if (run == 0) return null;
        Contender contender = new(Name, threads, output, () =>
        {
            OpenMp.Use(threads);
            Run(run);
        });
        Handles handles = new();
        handles.Add(run, Delete);
        contender.Owned.Add(handles);
        return contender;
    }

    private static string? Function(Case @case)
    {
        if (@case.Boxes is not null) return null;
        if (@case.Operator == Operator.Norm) return @case.Window.IsGlobal ? "vector_norm" : "lp_pool2d";
        bool max = @case.Operator is not (Operator.Average or Operator.AverageBackward);
        string backward = @case.IsBackward ? "_backward" : "";
        Window window = @case.Window;
        if (!max && !window.Dilation.All(1)) return null;
        if (window.IsGlobal && !max) return "mean" + backward;
        if (window.IsGlobal && !@case.IsBackward) return "amax";
        string kind = max ? "max" : "avg";
        if (window.IsGlobal || window.IsAdaptive) return $"adaptive_{kind}_pool2d{backward}";
        int rank = window.Axes(@case.Shape).Count;
        return rank > 1 ? $"{kind}_pool{rank}d{backward}" : @case.Operator == Operator.Max ? "max_pool1d" : $"{kind}_pool2d{backward}";
    }

    private static Strided OneRow(Strided one) =>
        new([.. one.Lengths[..2], 1, one.Lengths[2]], [.. one.Strides[..2], one.Strides[1], one.Strides[2]]);

    [LibraryImport(Dll, EntryPoint = "torch_version")]
    private static partial nint GetVersion();

    [LibraryImport(Dll, EntryPoint = "torch_pooling", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Create(
        string name, int rank, long[] kernel, long[] stride, long[] padding, long[] dilation, byte ceil,
        long[] shape, long[] strides, long[] pooledShape, long[] pooledStrides, float* x, float* y, long* indices, float* gradient);

    [LibraryImport(Dll, EntryPoint = "torch_run")]
    private static partial void Run(nint run);

    [LibraryImport(Dll, EntryPoint = "torch_delete")]
    private static partial int Delete(nint run);
}
