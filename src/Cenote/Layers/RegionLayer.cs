using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote;

/// <summary>A layer that pools boxes on a map. No <see cref="Layer"/>, since it takes two tensors.</summary>
/// <param name="outputSize">Bins of a box: one number or (height, width), 1 or more.</param>
/// <exception cref="ArgumentException"><paramref name="outputSize"/> is none of these.</exception>
public abstract class RegionLayer(Sizes outputSize)
{
    private readonly WayBack _wayBack = new();

    /// <summary>Threads, cancellation and progress of every call. Default: as many threads as there are processors.</summary>
    public PoolOptions? Options { get; init; }

    /// <summary>Bins of a box along (height, width), or along both.</summary>
    public Sizes OutputSize { get; } = Checked(outputSize);

    /// <summary>The shape that <see cref="Forward"/> gives, without any data: (K, C, height, width).</summary>
    /// <param name="inputShape">The shape of the map, (N, C, H, W).</param>
    /// <param name="boxesShape">The shape of the boxes, (K, 5).</param>
    /// <exception cref="ArgumentException">A shape is none of these, or the output size not 1 or more.</exception>
    public nint[] OutputShape(ReadOnlySpan<nint> inputShape, ReadOnlySpan<nint> boxesShape) => boxesShape.Length == 2 && boxesShape[1] == 5
        ? Pool.RegionShape(inputShape, boxesShape, OutputSize)
        : throw new ArgumentException($"boxes has shape {Shape.Format(boxesShape)}; it must be (K, 5)", nameof(boxesShape));

    /// <summary>The bins of each box.</summary>
    /// <param name="input">The map, (N, C, H, W).</param>
    /// <param name="boxes">(K, 5): batch index, x1, y1, x2, y2, in pixels of the image; computed in their type.</param>
    /// <returns>(K, C, height, width).</returns>
    /// <exception cref="ArgumentException">A shape, box or number is not valid; the message names it.</exception>
    public abstract Tensor<T> Forward<T, TBox>(Tensor<T> input, Tensor<TBox> boxes)
        where T : unmanaged, INumber<T>
        where TBox : unmanaged, IBinaryFloatingPointIeee754<TBox>;

    /// <summary>The gradient of the last <see cref="Forward"/> by the map; its map and boxes must still be the same.</summary>
    /// <param name="gradOutput">The gradient of the output: of its shape, and of the type of the map.</param>
    /// <exception cref="InvalidOperationException">There was no <see cref="Forward"/> since the last gradient was taken.</exception>
    /// <exception cref="ArgumentException">The gradient is of another shape or type than the last output.</exception>
    public Tensor<T> Backward<T>(Tensor<T> gradOutput)
        where T : unmanaged, INumber<T> => _wayBack.Go(gradOutput, GetType().Name);

    /// <summary>Keeps the way back for <see cref="Backward"/>.</summary>
    /// <param name="gradient">The gradient of the map for one of the output.</param>
    protected void Keep<T>(Func<Tensor<T>, Tensor<T>> gradient) => _wayBack.Keep(gradient);

    private static Sizes Checked(Sizes outputSize)
    {
        outputSize.AtLeast(1, nameof(outputSize)).Fit(2, nameof(outputSize));
        return outputSize;
    }

    /// <summary>As Python prints a float: whole numbers with a point.</summary>
    private protected static string Float(double number) => number.ToString(Math.Floor(number) == number ? "0.0" : "R", CultureInfo.InvariantCulture);
}
