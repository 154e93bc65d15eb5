using System.Runtime.InteropServices;

namespace Comparison.Libraries;

/// <summary>oneDNN 2 by its C interface, tensors in and out as they are: no layout of its own.</summary>
internal sealed unsafe partial class OneDnn : ILibrary
{
    private const string Dll = "libdnnl.so.2";
    private const int Cpu = 1, DefaultFlags = 1, Float = 3, ForwardTraining = 64, ForwardInference = 96, Max = 0x1ff, AverageWithPadding = 0x2ff;
    private const int Source = 1, Destination = 17, Workspace = 64, DiffSource = 129, DiffDestination = 145, WorkspaceDescriptor = 135, Unimplemented = 3;

    // More than any of the library's descriptors takes.
    private const int DescriptorBytes = 4096;

    private static readonly void* Allocate = (void*)(nint)(-1);

    public string Name => "oneDNN";

    public string? Version { get; } = NativeLibrary.TryLoad(Dll, out _) ? VersionText() : null;

    public Contender? Enter(Given given, int threads)
    {
        Case @case = given.Case;
        if (@case.Operator is Operator.MaxWithIndices or Operator.Norm || PlainWindow.Of(@case) is not { } window) return null;
        bool average = @case.Operator is Operator.Average or Operator.AverageBackward;
        // What a window sees beyond the padding, it counts as padding.
        if (average && window.PaddingAfter.Zip(window.Padding).Any(pair => pair.First > pair.Second)) return null;
        long[] dilation = [.. window.Dilation.Select(step => step - 1)];
        Strided input = Strided.Of(@case.Shape, @case.Window.Layout), pooled = Strided.Of(given.PooledShape, @case.Window.Layout);
        AlignedCells<float> output = given.NewOutput();
        int algorithm = average ? AverageWithPadding : Max;

        OpenMp.Use(threads);
        Handles handles = new();
        byte* source = stackalloc byte[DescriptorBytes], destination = stackalloc byte[DescriptorBytes], pooling = stackalloc byte[DescriptorBytes];
        Check(InitMemory(source, input.Lengths.Length, input.Lengths, Float, input.Strides));
        Check(InitMemory(destination, pooled.Lengths.Length, pooled.Lengths, Float, pooled.Strides));
        Check(InitForward(pooling, @case.IsBackward ? ForwardTraining : ForwardInference, algorithm, source, destination,
            window.Stride, window.Kernel, dilation, window.Padding, window.PaddingAfter));
        Check(CreateEngine(out nint engine, Cpu, 0));
        handles.Add(engine, DestroyEngine);
        Check(CreateStream(out nint stream, engine, DefaultFlags));
        handles.Add(stream, DestroyStream);
        int status = CreatePrimitiveDescription(out nint forward, pooling, null, engine, 0);
        if (status == Unimplemented)
        {
            handles.Dispose();
            return null;
        }
        Check(status);
        handles.Add(forward, DestroyPrimitiveDescription);
        Argument[] arguments = [Memory(Source, source, given.Input.Address), Memory(Destination, destination, @case.IsBackward ? given.NewPooled().Address : output.Address)];
        if (@case.Operator == Operator.MaxBackward) arguments = [.. arguments, Memory(Workspace, QueryMemory(forward, WorkspaceDescriptor, 0), Allocate)];
        nint primitive = Primitive(forward);
        Action run = Execution(primitive, arguments);
        if (@case.IsBackward)
        {
            run();
            Check(InitBackward(pooling, algorithm, source, destination, window.Stride, window.Kernel, dilation, window.Padding, window.PaddingAfter));
            Check(CreatePrimitiveDescription(out nint backward, pooling, null, engine, forward));
            handles.Add(backward, DestroyPrimitiveDescription);
            run = Execution(Primitive(backward),
                [Memory(DiffSource, source, output.Address), Memory(DiffDestination, destination, given.Pooled.Address), .. arguments[2..]]);
        }
        Contender contender = new(Name, threads, output, run);
        contender.Owned.Add(handles);
        return contender;

        Argument Memory(int role, byte* descriptor, void* cells)
        {
            Check(CreateMemory(out nint memory, descriptor, engine, cells));
            handles.Add(memory, DestroyMemory);
            return new(role, memory);
        }

        nint Primitive(nint description)
        {
            Check(CreatePrimitive(out nint primitive, description));
            handles.Add(primitive, DestroyPrimitive);
            return primitive;
        }

        Action Execution(nint primitive, Argument[] arguments) => () =>
        {
            OpenMp.Use(threads);
            fixed (Argument* first = arguments) Check(Execute(primitive, stream, arguments.Length, first));
            Check(Wait(stream));
        };
    }

    private static string VersionText()
    {
        int* numbers = GetVersion();
        return $"{numbers[0]}.{numbers[1]}.{numbers[2]}";
    }

    private static void Check(int status)
    {
        if (status != 0) throw new InvalidOperationException($"oneDNN fails with status {status}");
    }

    [LibraryImport(Dll, EntryPoint = "dnnl_version")]
    private static partial int* GetVersion();

    [LibraryImport(Dll, EntryPoint = "dnnl_engine_create")]
    private static partial int CreateEngine(out nint engine, int kind, nint index);

    [LibraryImport(Dll, EntryPoint = "dnnl_engine_destroy")]
    private static partial int DestroyEngine(nint engine);

    [LibraryImport(Dll, EntryPoint = "dnnl_stream_create")]
    private static partial int CreateStream(out nint stream, nint engine, int flags);

    [LibraryImport(Dll, EntryPoint = "dnnl_stream_destroy")]
    private static partial int DestroyStream(nint stream);

    [LibraryImport(Dll, EntryPoint = "dnnl_stream_wait")]
    private static partial int Wait(nint stream);

    [LibraryImport(Dll, EntryPoint = "dnnl_memory_desc_init_by_strides")]
    private static partial int InitMemory(byte* descriptor, int rank, long[] lengths, int type, long[] strides);

    [LibraryImport(Dll, EntryPoint = "dnnl_pooling_v2_forward_desc_init")]
    private static partial int InitForward(
        byte* descriptor, int propagation, int algorithm, byte* source, byte* destination, long[] stride, long[] kernel, long[] dilation, long[] before, long[] after);

    [LibraryImport(Dll, EntryPoint = "dnnl_pooling_v2_backward_desc_init")]
    private static partial int InitBackward(
        byte* descriptor, int algorithm, byte* source, byte* destination, long[] stride, long[] kernel, long[] dilation, long[] before, long[] after);

    [LibraryImport(Dll, EntryPoint = "dnnl_primitive_desc_create")]
    private static partial int CreatePrimitiveDescription(out nint description, byte* descriptor, void* attributes, nint engine, nint forward);

    [LibraryImport(Dll, EntryPoint = "dnnl_primitive_desc_destroy")]
    private static partial int DestroyPrimitiveDescription(nint description);

    [LibraryImport(Dll, EntryPoint = "dnnl_primitive_desc_query_md")]
    private static partial byte* QueryMemory(nint description, int what, int index);

    [LibraryImport(Dll, EntryPoint = "dnnl_primitive_create")]
    private static partial int CreatePrimitive(out nint primitive, nint description);

    [LibraryImport(Dll, EntryPoint = "dnnl_primitive_destroy")]
    private static partial int DestroyPrimitive(nint primitive);

    [LibraryImport(Dll, EntryPoint = "dnnl_primitive_execute")]
    private static partial int Execute(nint primitive, nint stream, int count, Argument* arguments);

    [LibraryImport(Dll, EntryPoint = "dnnl_memory_create")]
    private static partial int CreateMemory(out nint memory, byte* descriptor, nint engine, void* cells);

    [LibraryImport(Dll, EntryPoint = "dnnl_memory_destroy")]
    private static partial int DestroyMemory(nint memory);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Argument(int Role, nint Memory);
}
