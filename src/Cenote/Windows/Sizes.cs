using System.Globalization;
using System.Runtime.CompilerServices;

namespace Cenote;

/// <summary>One whole number for every axis of a window, or one per axis: <c>3</c>, <c>(3, 2)</c>, <c>(1, 3, 2)</c>.</summary>
/// <remarks>
/// An entry may be left unset (<c>null</c>, PyTorch's <c>None</c>) where the operator allows it: an adaptive output size that keeps
/// the length of its axis. The order of the axes is that of the tensor: (depth, height, width).
/// </remarks>
public readonly record struct Sizes
{
    private readonly int? _first;
    private readonly int? _second;
    private readonly int? _third;

    private Sizes(int count, int? first, int? second = null, int? third = null) =>
        (Count, _first, _second, _third) = (count, first, second, third);

    /// <summary>How many numbers were given: 1, 2 or 3, and 0 for <c>default</c>, which no operator takes.</summary>
    public int Count { get; }

    /// <summary>The number for one axis; a single number stands for every axis.</summary>
    /// <param name="axis">The axis of the window, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="axis"/> is beyond the numbers given.</exception>
    public int? this[int axis] => (Count == 1 ? 0 : axis) switch
    {
        0 when Count > 0 => _first,
        1 when Count > 1 => _second,
        2 when Count > 2 => _third,
        _ => throw new ArgumentOutOfRangeException(nameof(axis), $"sizes {this} has no axis {axis}"),
    };

    /// <summary>The number for one axis, 0 where it is unset, of sizes that have been found to <see cref="Fit"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int At(int axis) => (Count == 1 || axis == 0 ? _first : axis == 1 ? _second : _third).GetValueOrDefault();

    /// <summary>One number for every axis.</summary>
    public static implicit operator Sizes(int every) => new(1, every);

    /// <summary>One number per axis of a 2-D window: (height, width).</summary>
    public static implicit operator Sizes((int? Height, int? Width) sizes) => new(2, sizes.Height, sizes.Width);

    /// <summary>One number per axis of a 3-D window: (depth, height, width).</summary>
    public static implicit operator Sizes((int? Depth, int? Height, int? Width) sizes) => new(3, sizes.Depth, sizes.Height, sizes.Width);

    /// <summary>As many numbers as the list has: 1, 2 or 3.</summary>
    /// <param name="sizes">The numbers; <c>null</c> is unset.</param>
    /// <exception cref="ArgumentException">The list has none, or more than three.</exception>
    public static Sizes Of(params ReadOnlySpan<int?> sizes) => sizes.Length switch
    {
        1 => new(1, sizes[0]),
        2 => new(2, sizes[0], sizes[1]),
        3 => new(3, sizes[0], sizes[1], sizes[2]),
        _ => throw new ArgumentException($"sizes has {sizes.Length} numbers; it must have 1, 2 or 3", nameof(sizes)),
    };

    /// <summary>As many numbers as the list has, such as some lengths of a tensor: 1, 2 or 3.</summary>
    /// <param name="sizes">The numbers.</param>
    /// <exception cref="ArgumentException">The list has none, or more than three, or one does not fit 32 bits.</exception>
    public static Sizes Of(ReadOnlySpan<nint> sizes)
    {
        int?[] numbers = new int?[sizes.Length];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = sizes[i] is >= int.MinValue and <= int.MaxValue ? (int)sizes[i] : throw new ArgumentException($"sizes has {sizes[i]}; it must fit 32 bits", nameof(sizes));
        return Of((ReadOnlySpan<int?>)numbers);
    }

    /// <summary>Whether every number given is this one: <c>(1, 1)</c> and <c>1</c> are all 1.</summary>
    /// <param name="size">The number.</param>
    public bool All(int size)
    {
        for (int axis = 0; axis < Count; axis++)
            if (this[axis] != size) return false;
        return Count > 0;
    }

    /// <summary>As PyTorch prints it: <c>3</c>, <c>(3, 2)</c>, <c>(7, None)</c>.</summary>
    public override string ToString()
    {
        if (Count == 1) return Text(_first);
        Sizes self = this;
        return "(" + string.Join(", ", Enumerable.Range(0, Count).Select(axis => Text(self[axis]))) + ")";

        static string Text(int? size) => size?.ToString(CultureInfo.InvariantCulture) ?? "None";
    }

    /// <summary>Refuses sizes of which one is unset or under <paramref name="least"/>, naming the argument.</summary>
    internal Sizes AtLeast(int least, string argument)
    {
        for (int axis = 0; axis < Count; axis++)
            if (this[axis] is not { } size || size < least)
                throw new ArgumentException($"{argument} is {this}; it must be at least {least} on every axis", argument);
        return Count > 0 ? this : throw new ArgumentException($"{argument} is empty; it must be one number or one per axis", argument);
    }

    /// <summary>Refuses a list that is neither one number nor one per axis.</summary>
    internal void Fit(int rank, string argument)
    {
        if (Count != 1 && Count != rank)
            throw new ArgumentException($"{argument} {this} has {Count} numbers; a {rank}-D window takes one number or {rank}", argument);
    }
}
