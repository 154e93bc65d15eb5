namespace Cenote.Plotting;

/// <summary>Where row 0 of a heat map stands.</summary>
public enum Origin
{
    /// <summary>Row 0 at the bottom, as a spectrogram is read: low frequencies below.</summary>
    Lower,

    /// <summary>Row 0 at the top, as a matrix is written.</summary>
    Upper,
}
