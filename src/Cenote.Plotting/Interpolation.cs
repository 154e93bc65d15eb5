namespace Cenote.Plotting;

/// <summary>What fills the pixels between the centres of a heat map's cells.</summary>
public enum Interpolation
{
    /// <summary>Every pixel of a cell has the colour of its value: the picture shows the numbers and nothing else.</summary>
    Nearest,

    /// <summary>
    /// Values are interpolated linearly between the cells' centres, then coloured. Smoother, and no longer the numbers themselves.
    /// Where one of the four neighbours is NaN or infinite the pixel has its own cell's value.
    /// </summary>
    Bilinear,
}
