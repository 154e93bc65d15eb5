namespace Cenote.Tests.Dialects;

public class DialectTests
{
    [Fact]
    public void Torch_refuses_padding_beyond_half_the_effective_kernel()
    {
        Assert.Equal(1, Torch.Window(2, padding: 1).Padding.Before[0]);
        Assert.Equal(2, Torch.Window(3, padding: 2, dilation: 2).Padding.Before[0]);
        Assert.Contains("padding is 2", Assert.Throws<ArgumentException>(() => Torch.Window(3, padding: 2)).Message);
        Assert.Throws<ArgumentException>(() => Torch.Window((3, 2), padding: (1, 2)));
        Assert.Equal(2, new Window(3) { Padding = 2 }.Padding.Before[0]);
    }

    [Fact]
    public void Keras_is_channels_last_and_takes_words_alone()
    {
        Assert.Equal([8, 56, 56, 64], Keras.Window(2).OutputShape([8, 112, 112, 64]));
        Assert.Equal([1, 3, 3, 1], Keras.Window(2, padding: Padding.Same).OutputShape([1, 5, 5, 1]));
        Assert.Throws<ArgumentException>(() => Keras.Window(2, padding: 1));
    }

    [Fact]
    public void Onnx_strides_by_1() => Assert.Equal([1, 1, 31, 31], Onnx.Window((2, 2)).OutputShape([1, 1, 32, 32]));
}
