using System.Numerics.Tensors;
using Cenote.Plotting;

namespace Cenote.Cli;

/// <summary>One spectrogram of a run: the original or a pooled one.</summary>
/// <param name="Title">What its picture says.</param>
/// <param name="Layer">The layer that made it, as it prints itself.</param>
/// <param name="Window">The window of that layer; <c>null</c> for the original.</param>
/// <param name="Values">Its cells, (1, 1, frequency bins, time frames).</param>
/// <param name="InDecibels">Whether these are decibels.</param>
internal sealed record Spectrogram(string Title, string Layer, Window? Window, Tensor<float> Values, bool InDecibels)
{
    /// <summary>The window in a few words.</summary>
    public string WindowText => Window switch
    {
        null => "-",
        { IsGlobal: true } => "whole input",
        { IsAdaptive: true } => $"adaptive to {Window.Kernel}",
        _ => $"kernel {Window.Kernel}, stride {Window.Stride ?? Window.Kernel}, padding {Window.Padding}, dilation {Window.Dilation}{(Window.CeilMode ? ", ceil mode" : "")}",
    };

    /// <summary>The picture of it.</summary>
    public Heatmap Draw(Colormap colormap) =>
        Heatmap.Of(Values, Title, colormap, xLabel: "Time Frames", yLabel: "Frequency Bins", colorbarFormat: InDecibels ? "+0 dB;-0 dB;+0 dB" : null);
}
