using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Cenote.Tests;

/// <summary>Every operator in every type, and tensors that no array can hold.</summary>
public class TypeTests
{
    private static readonly Layer[] Layers =
    [
        new MaxPool(Window), new MinPool(Window), new AvgPool(Window), new SumPool(Window), new LPPool(2, Window), new GeMPool(Window, 2), new SoftPool(Window),
        new MixedPool(Window), new StochasticPool(Window), new StochasticMeanPool(Window), new MedianPool(Window), new BlurPool(Window),
        new FractionalMaxPool2d(2, 3), new SpatialPyramidPool([1, 2]), new StatisticsPooling(),
    ];

    private static Window Window => new((3, 2)) { Stride = 2, Padding = 1 };

    /// <summary>Whole numbers that every type holds, so that a result in double, cut to the type, is the test.</summary>
    [Fact]
    public void Every_type_agrees_with_double()
    {
        double[] cells = [.. Enumerable.Range(0, 2 * 5 * 6).Select(i => (double)(i * 7 % 13))];
        nint[] shape = [1, 2, 5, 6];
        Tensor<double> boxes = Tensor.Create([0.0, 0, 0, 4, 5, 0, 1, 2, 2, 3.5], [2, 5]);
        Agree<Half>();
        Agree<float>();
        Agree<BFloat16>();
        Agree<sbyte>();
        Agree<byte>();
        Agree<short>();
        Agree<ushort>();
        Agree<int>();
        Agree<uint>();
        Agree<long>();
        Agree<ulong>();

        void Agree<T>()
            where T : unmanaged, INumber<T>
        {
            Tensor<double> wide = Tensor.Create(cells, shape);
            Tensor<T> narrow = Tensor.Create(cells.Select(T.CreateChecked).ToArray(), shape);
            foreach (Layer layer in Layers) Same(layer, layer.Forward(wide), layer.Forward(narrow));
            foreach (RegionLayer layer in (RegionLayer[])[new RoIPool(2, 1), new RoIAlign(2, 1, 2)]) Same(layer, layer.Forward(wide, boxes), layer.Forward(narrow, boxes));
        }

        static void Same<T>(object layer, Tensor<double> wide, Tensor<T> narrow)
            where T : unmanaged, INumber<T>
        {
            T[] expected = [.. wide.ToArray().Select(T.CreateSaturating)], actual = narrow.ToArray();
            if (!expected.SequenceEqual(actual)) Assert.Fail($"{layer} of {typeof(T).Name}: {string.Join(" ", actual)}, not {string.Join(" ", expected)}");
        }
    }

    [Fact]
    public unsafe void A_tensor_of_more_than_2_31_cells_is_pooled_over_native_memory()
    {
        // Windows of 1024 cells, a million apart: every position is reached and few pages are touched.
        long channels = 2, apart = 1 << 20, windows = 1152, length = windows * apart;
        sbyte* cells = null;
        try
        {
            cells = (sbyte*)NativeMemory.AllocZeroed((nuint)(channels * length));
        }
        catch (OutOfMemoryException)
        {
            Assert.Skip($"{channels * length >> 20} MiB cannot be reserved here");
        }
        try
        {
            cells[length + 345] = 7;
            cells[channels * length - apart + 1023] = 9;
            ReadOnlyTensorSpan<sbyte> x = new(cells, (nint)(channels * length), [1, (nint)channels, (nint)length], []);
            Window window = new(1024) { Stride = (int)apart, Rank = 1 };
            nint[] shape = window.OutputShape(x.Lengths);
            Assert.Equal([1, 2, 1152], shape);
            Tensor<sbyte> values = Tensor.CreateFromShape<sbyte>(shape);
            Tensor<long> indices = Tensor.CreateFromShape<long>(shape);
            Pool.Select(x, window, default(Max<sbyte>), values.AsTensorSpan(), indices.AsTensorSpan());
            Assert.Equal(16, values.ToArray().Sum(value => value));
            Assert.Equal((7, 345L), (values[0, 1, 0], indices[0, 1, 0]));
            Assert.Equal((9, length - apart + 1023), (values[0, 1, 1151], indices[0, 1, 1151]));
            values.Clear();
            Pool.Max<sbyte>(x, window, values);
            Assert.Equal((7, 9, 16), (values[0, 1, 0], values[0, 1, 1151], values.ToArray().Sum(value => value)));
        }
        finally
        {
            NativeMemory.Free(cells);
        }
    }
}
