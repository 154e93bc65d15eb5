using System.Numerics.Tensors;

namespace Cenote.Tests.Windows;

public class WindowTests
{
    [Fact]
    public void One_number_takes_its_rank_from_the_input()
    {
        Assert.Equal([1, 1, 128, 94], new Window(2).OutputShape([1, 1, 257, 188]));
        Assert.Equal([1, 1, 4, 4, 4], new Window(2).OutputShape([1, 1, 8, 8, 8]));
        Assert.Equal([1, 1, 4], new Window(2).OutputShape([1, 1, 8]));
        Assert.Equal([8, 4], new Window(2).OutputShape([8, 8]));
        Assert.Equal([4], new Window(2).OutputShape([8]));
        Assert.Equal([7, 7, 7, 4, 4, 4], new Window(2).OutputShape([7, 7, 7, 8, 8, 8]));
    }

    [Fact]
    public void Lengths_of_a_tensor_are_sizes()
    {
        ReadOnlySpan<nint> shape = [1, 3, 8, 6];
        Assert.Equal((8, 6), Sizes.Of(shape[2..]));
        Assert.Contains("sizes has 4 numbers", Assert.Throws<ArgumentException>(() => Sizes.Of((ReadOnlySpan<nint>)[1, 3, 8, 6])).Message);
    }

    [Fact]
    public void Settings_that_mean_nothing_are_refused()
    {
        nint[] shape = [1, 1, 8, 8];
        foreach (Window window in (Window[])[Window.Global with { Stride = 3 }, Window.Global with { Padding = 1 }, Window.Adaptive(2) with { Dilation = 2 }, Window.Adaptive(2) with { CeilMode = true }])
            Assert.Contains("only one that slides has any", Assert.Throws<ArgumentException>(() => window.OutputShape(shape)).Message);
        Assert.Contains("only a global one may", Assert.Throws<ArgumentException>(() => (Window.Adaptive(1) with { KeepDims = false }).OutputShape(shape)).Message);
        Assert.Contains("layout is 7", Assert.Throws<ArgumentOutOfRangeException>(() => new Window(2) { Layout = (Layout)7 }).Message);
    }

    [Fact]
    public void Several_numbers_are_the_rank()
    {
        Assert.Equal([4, 2], new Window((2, 4)).OutputShape([8, 8]));
        Assert.Equal([3, 5, 8, 4, 2], new Window((2, 4)).OutputShape([3, 5, 8, 8, 8]));
    }

    [Fact]
    public void Channels_last_slides_over_the_axes_before_the_last() =>
        Assert.Equal([8, 56, 56, 64], new Window(2) { Layout = Layout.ChannelsLast }.OutputShape([8, 112, 112, 64]));

    [Fact]
    public void An_unset_adaptive_size_keeps_the_axis() =>
        Assert.Equal([1, 1, 7, 23], Window.Adaptive((7, null)).OutputShape([1, 1, 17, 23]));

    [Fact]
    public void Global_keeps_its_axes() => Assert.Equal([2, 3, 1, 1], Window.Global.OutputShape([2, 3, 5, 7]));

    [Fact]
    public void Only_the_batch_may_be_empty()
    {
        Assert.Equal([0, 3, 4, 4], new Window(2).OutputShape([0, 3, 8, 8]));
        Assert.Contains("axis 1 is 0", Refused(() => new Window(2).OutputShape([2, 0, 8, 8])));
        Assert.Contains("axis 0 is 0", Refused(() => new Window((2, 2)).OutputShape([0, 8, 8])));
        Assert.Contains("axis 3 is 0", Refused(() => new Window(2).OutputShape([2, 2, 8, 0])));
    }

    [Fact]
    public void What_is_wrong_is_named_with_its_value()
    {
        Assert.Contains("kernel is 0", Refused(() => new Window(0)));
        Assert.Contains("kernel is (2, -1)", Refused(() => new Window((2, -1))));
        Assert.Contains("kernel is (2, None)", Refused(() => new Window((2, null))));
        Assert.Contains("kernel is empty", Refused(() => new Window(default)));
        Assert.Contains("stride is 0", Refused(() => new Window(2) { Stride = 0 }));
        Assert.Contains("dilation is 0", Refused(() => new Window(2) { Dilation = 0 }));
        Assert.Contains("padding is -1", Refused(() => new Window(2) { Padding = -1 }));
        Assert.Contains("rank is 4", Refused(() => new Window(2) { Rank = 4 }));
        Assert.Contains("outputSize is (7, 0)", Refused(() => Window.Adaptive((7, 0))));
        Assert.Contains("stride (1, 2, 3) has 3 numbers; a 2-D window", Refused(() => new Window(2) { Stride = (1, 2, 3) }.OutputShape([1, 1, 8, 8])));
        Assert.Contains("input has 1 axes", Refused(() => new Window((2, 2)).OutputShape([8])));
        Assert.Contains(
            "Output size is too small: axis 3 of length 1 under kernel 2, stride 2, padding 0 before and 0 after, dilation 1 gives 0",
            Refused(() => new Window(2).OutputShape([1, 1, 257, 1])));
        Assert.Contains("does not fit 64 bits", Refused(() => new Window(2) { Padding = 1 }.OutputShape([1, 1, nint.MaxValue])));
    }

    [Fact]
    public void A_destination_of_another_shape_or_on_top_of_the_input_is_refused()
    {
        Tensor<float> x = Tensor.Create(new float[16], [1, 1, 4, 4]);
        Assert.Contains("into has shape (2, 2); it must be (1, 1, 2, 2)", Refused(() => Pool.Max<float>(x, new Window(2), into: Tensor.Create(new float[4], [2, 2]))));
        float[] shared = new float[20];
        Assert.Contains("overlaps the input", Refused(() => Pool.Max<float>(
            new ReadOnlyTensorSpan<float>(shared.AsSpan(0, 16), [1, 1, 4, 4]), new Window(2), new TensorSpan<float>(shared.AsSpan(12, 4), [1, 1, 2, 2]))));
        Pool.Max<float>(
            new ReadOnlyTensorSpan<float>(shared.AsSpan(0, 16), [1, 1, 4, 4]), new Window(2), new TensorSpan<float>(shared.AsSpan(16, 4), [1, 1, 2, 2]));
    }

    [Fact]
    public void Divisor_0_is_refused() =>
        Assert.Contains("divisor is 0", Refused(() => Pool.Avg(Tensor.Create(new float[4], [1, 1, 4]), new Window(2), divisor: 0)));

    private static string Refused(Func<object> make) => Refused(() => { make(); });

    private static string Refused(Action action)
    {
        string message = Assert.ThrowsAny<ArgumentException>(action).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    [Fact]
    public void A_window_that_has_been_used_is_the_same_window()
    {
        Window used = new((2, 2)) { Padding = 1 }, fresh = new((2, 2)) { Padding = 1 };
        Assert.Equal([1, 5, 5], used.OutputShape([1, 8, 8]));
        Assert.Equal(fresh, used);
        Assert.Equal(fresh.GetHashCode(), used.GetHashCode());
        Assert.Equal(fresh.ToString(), used.ToString());
    }

    [Fact]
    public void What_a_window_remembers_is_of_its_last_shape_alone()
    {
        Window window = new((2, 2));
        Assert.Equal([1, 4, 4], window.OutputShape([1, 8, 8]));
        Assert.Equal([1, 3, 4], window.OutputShape([1, 6, 8]));
        Assert.Equal([2, 1, 4, 4], window.OutputShape([2, 1, 8, 8]));
        Window changed = window with { Stride = 1 };
        Assert.Equal([2, 1, 7, 7], changed.OutputShape([2, 1, 8, 8]));
        Assert.Equal([2, 1, 4, 4], window.OutputShape([2, 1, 8, 8]));
        nint[] given = window.OutputShape([2, 1, 8, 8]);
        given[0] = 9;
        Assert.Equal([2, 1, 4, 4], window.OutputShape([2, 1, 8, 8]));
        Assert.Throws<ArgumentException>(() => window.OutputShape([2, 1, 1, 8]));
    }
}
