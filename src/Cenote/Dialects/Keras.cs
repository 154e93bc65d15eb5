namespace Cenote;

/// <summary>Windows by Keras' defaults: channels last, and averages that leave the padding out.</summary>
public static class Keras
{
    private static readonly (string Framework, int Least, int Most) s_otherAxes = ("Keras", 2, 2);

    /// <summary>A window as <c>keras.layers</c> takes it: over (N, …, C), or (N, C, …).</summary>
    /// <param name="poolSize">Taps along each axis.</param>
    /// <param name="strides">Distance between windows. Default: the pool size.</param>
    /// <param name="padding"><see cref="Padding.Valid"/> or <see cref="Padding.Same"/>; Keras takes no numbers.</param>
    /// <param name="layout">Channels last unless said otherwise (<c>data_format</c>).</param>
    /// <param name="rank">1, 2 or 3; see <see cref="Window.Rank"/>.</param>
    /// <exception cref="ArgumentException">A number is out of range, or the padding another than valid and same.</exception>
    public static Window Window(Sizes poolSize, Sizes? strides = null, Padding padding = default, Layout layout = Layout.ChannelsLast, int? rank = null) =>
        padding.IsNone || padding == Padding.Same
            ? new(poolSize) { Stride = strides, Padding = padding, Layout = layout, Rank = rank, CountPadding = false, OtherAxes = s_otherAxes }
            : throw new ArgumentException($"padding is {padding}; Keras takes valid or same", nameof(padding));

    /// <summary>The window of <c>keras.layers.GlobalMaxPooling</c> and <c>GlobalAveragePooling</c>: the whole input, its axes dropped.</summary>
    /// <param name="keepDims">Whether the axes stay, with length 1. Default: no (<c>keepdims</c>).</param>
    /// <param name="layout">Channels last unless said otherwise (<c>data_format</c>).</param>
    /// <param name="rank">1, 2 or 3; see <see cref="Window.Rank"/>.</param>
    public static Window GlobalWindow(bool keepDims = false, Layout layout = Layout.ChannelsLast, int? rank = null) =>
        Cenote.Window.Global with { KeepDims = keepDims, Layout = layout, Rank = rank, CountPadding = false, OtherAxes = s_otherAxes };

    /// <summary>The window of <c>keras.layers.AdaptiveMaxPooling</c> and <c>AdaptiveAveragePooling</c>.</summary>
    /// <param name="outputSize">Output length of each axis, 1 or more.</param>
    /// <param name="layout">Channels last unless said otherwise (<c>data_format</c>).</param>
    /// <param name="rank">1, 2 or 3; see <see cref="Window.Rank"/>.</param>
    /// <exception cref="ArgumentException">A number is under 1.</exception>
    public static Window AdaptiveWindow(Sizes outputSize, Layout layout = Layout.ChannelsLast, int? rank = null) =>
        Cenote.Window.Adaptive(outputSize) with { Layout = layout, Rank = rank, CountPadding = false, OtherAxes = s_otherAxes };
}
