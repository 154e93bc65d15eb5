namespace Cenote.Plotting;

/// <summary>A mark on an axis.</summary>
/// <param name="Offset">Whole pixels from the axis' low end.</param>
/// <param name="Label">What is written beside it.</param>
internal readonly record struct Tick(int Offset, string Label);
