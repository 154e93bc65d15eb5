namespace Cenote;

/// <summary>What surrounds the input: a number, one per axis, one per side, or a rule (<see cref="Same"/>, <see cref="SameLower"/>).</summary>
/// <remarks>Padding beyond half the kernel is legal, as in ONNX; PyTorch refuses it, and so does <see cref="Torch"/>.</remarks>
public readonly record struct Padding
{
    private readonly Sizes? _before;
    private readonly Sizes? _after;

    private Padding(PaddingMode mode, Sizes? before, Sizes? after) => (Mode, _before, _after) = (mode, before, after);

    /// <summary>Whether the numbers or a rule decide.</summary>
    public PaddingMode Mode { get; }

    /// <summary>Cells before the first one, on each axis; 0 or more.</summary>
    public Sizes Before => _before ?? 0;

    /// <summary>Cells after the last one, on each axis; 0 or more.</summary>
    public Sizes After => _after ?? 0;

    /// <summary>Whether it comes to no padding at all, however it was written.</summary>
    public bool IsNone => Mode == PaddingMode.Explicit && Before.All(0) && After.All(0);

    /// <summary>No padding: only windows that lie inside the input.</summary>
    public static Padding Valid => default;

    /// <summary>The output is <c>ceil(length / stride)</c> long; an odd cell of padding goes behind.</summary>
    public static Padding Same => new(PaddingMode.Same, null, null);

    /// <summary>The output is <c>ceil(length / stride)</c> long; an odd cell of padding goes in front.</summary>
    public static Padding SameLower => new(PaddingMode.SameLower, null, null);

    /// <summary>The same number before and behind, one for every axis or one per axis.</summary>
    /// <exception cref="ArgumentException">A number is negative or unset.</exception>
    public static Padding Symmetric(Sizes padding) => PerSide(padding, padding);

    /// <summary>Different numbers before and behind.</summary>
    /// <param name="before">Cells before the first one: one for every axis or one per axis, 0 or more.</param>
    /// <param name="after">Cells after the last one, likewise.</param>
    /// <exception cref="ArgumentException">A number is negative or unset.</exception>
    public static Padding PerSide(Sizes before, Sizes after) =>
        new(PaddingMode.Explicit, before.AtLeast(0, "padding"), after.AtLeast(0, "padding"));

    /// <summary>The same number on both sides of every axis.</summary>
    public static implicit operator Padding(int every) => Symmetric(every);

    /// <summary>One number per axis of a 2-D window, on both sides.</summary>
    public static implicit operator Padding((int Height, int Width) padding) => Symmetric((padding.Height, padding.Width));

    /// <summary>One number per axis of a 3-D window, on both sides.</summary>
    public static implicit operator Padding((int Depth, int Height, int Width) padding) => Symmetric((padding.Depth, padding.Height, padding.Width));

    /// <summary><c>same</c>, <c>same-lower</c>, a number or tuple as PyTorch prints it, or <c>before:after</c>.</summary>
    public override string ToString() => Mode switch
    {
        PaddingMode.Same => "same",
        PaddingMode.SameLower => "same-lower",
        _ => Before == After ? Before.ToString() : $"{Before}:{After}",
    };
}
