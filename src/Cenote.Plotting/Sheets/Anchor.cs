namespace Cenote.Plotting;

/// <summary>Which point of a text its position names.</summary>
internal enum Anchor
{
    Start,
    Middle,
    End,
}
