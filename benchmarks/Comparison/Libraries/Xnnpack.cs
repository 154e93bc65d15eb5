using System.Runtime.InteropServices;
using Cenote;

namespace Comparison.Libraries;

/// <summary>XNNPACK by its C interface: planes with channels last.</summary>
internal sealed unsafe partial class Xnnpack : ILibrary
{
    private const string Dll = "libXNNPACK.so.0", Threads = "libpthreadpool.so.0";

    public string Name => "XNNPACK";

    public string? Version { get; } = NativeLibrary.TryLoad(Dll, out _) && NativeLibrary.TryLoad(Threads, out _) && Initialize(null) == 0 ? "" : null;

    public Contender? Enter(Given given, int threads)
    {
        Case @case = given.Case;
        if (@case.Window.Layout != Layout.ChannelsLast || @case.Shape.Length != 4 || PlainWindow.Of(@case) is not { } window) return null;
        nint batch = @case.Shape[0], height = @case.Shape[1], width = @case.Shape[2], channels = @case.Shape[3];
        uint[] Numbers(long[] sizes) => [.. sizes.Select(size => (uint)size)];
        uint[] kernel = Numbers(window.Kernel), stride = Numbers(window.Stride), dilation = Numbers(window.Dilation);
        uint[] before = Numbers(window.Padding), after = Numbers(window.PaddingAfter);
        AlignedCells<float> output = given.NewOutput();
        Handles handles = new();
        nint pool = CreatePool(threads);
        handles.Add(pool, one =>
        {
            DestroyPool(one);
            return 0;
        });
        nint op;
        switch (@case.Operator)
        {
            case Operator.Max:
                Check(CreateMax(before[0], after[1], after[0], before[1], kernel[0], kernel[1], stride[0], stride[1], dilation[0], dilation[1],
                    channels, channels, channels, float.NegativeInfinity, float.PositiveInfinity, 0, out op));
                Check(SetUpMax(op, batch, height, width, given.Input.Address, output.Address, pool));
                break;
            case Operator.Average when @case.Window.IsGlobal:
                Check(CreateGlobalAverage(channels, channels, channels, float.NegativeInfinity, float.PositiveInfinity, 0, out op));
                Check(SetUpGlobalAverage(op, batch, height * width, given.Input.Address, output.Address, pool));
                break;
            // Its averages do not count the padding.
            case Operator.Average when @case.Window.Padding.IsNone && dilation.All(step => step == 1):
                Check(CreateAverage(0, 0, 0, 0, kernel[0], kernel[1], stride[0], stride[1],
                    channels, channels, channels, float.NegativeInfinity, float.PositiveInfinity, 0, out op));
                Check(SetUpAverage(op, batch, height, width, given.Input.Address, output.Address, pool));
                break;
            default:
                handles.Dispose();
                return null;
        }
        handles.Add(op, Delete);
        Contender contender = new(Name, threads, output, () => Check(Run(op, pool)));
        contender.Owned.Add(handles);
        return contender;
    }

    private static void Check(int status)
    {
        if (status != 0) throw new InvalidOperationException($"XNNPACK fails with status {status}");
    }

    [LibraryImport(Threads, EntryPoint = "pthreadpool_create")]
    private static partial nint CreatePool(nint threads);

    [LibraryImport(Threads, EntryPoint = "pthreadpool_destroy")]
    private static partial void DestroyPool(nint pool);

    [LibraryImport(Dll, EntryPoint = "xnn_initialize")]
    private static partial int Initialize(void* allocator);

    [LibraryImport(Dll, EntryPoint = "xnn_run_operator")]
    private static partial int Run(nint op, nint pool);

    [LibraryImport(Dll, EntryPoint = "xnn_delete_operator")]
    private static partial int Delete(nint op);

    [LibraryImport(Dll, EntryPoint = "xnn_create_max_pooling2d_nhwc_f32")]
    private static partial int CreateMax(
        uint top, uint right, uint bottom, uint left, uint height, uint width, uint strideDown, uint strideAlong, uint dilationDown, uint dilationAlong,
        nint channels, nint inputStride, nint outputStride, float least, float most, uint flags, out nint op);

    [LibraryImport(Dll, EntryPoint = "xnn_setup_max_pooling2d_nhwc_f32")]
    private static partial int SetUpMax(nint op, nint batch, nint height, nint width, float* input, float* output, nint pool);

    [LibraryImport(Dll, EntryPoint = "xnn_create_average_pooling2d_nhwc_f32")]
    private static partial int CreateAverage(
        uint top, uint right, uint bottom, uint left, uint height, uint width, uint strideDown, uint strideAlong,
        nint channels, nint inputStride, nint outputStride, float least, float most, uint flags, out nint op);

    [LibraryImport(Dll, EntryPoint = "xnn_setup_average_pooling2d_nhwc_f32")]
    private static partial int SetUpAverage(nint op, nint batch, nint height, nint width, float* input, float* output, nint pool);

    [LibraryImport(Dll, EntryPoint = "xnn_create_global_average_pooling_nwc_f32")]
    private static partial int CreateGlobalAverage(
        nint channels, nint inputStride, nint outputStride, float least, float most, uint flags, out nint op);

    [LibraryImport(Dll, EntryPoint = "xnn_setup_global_average_pooling_nwc_f32")]
    private static partial int SetUpGlobalAverage(nint op, nint batch, nint width, float* input, float* output, nint pool);
}
