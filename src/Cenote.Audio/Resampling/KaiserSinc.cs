namespace Cenote.Audio;

/// <summary>
/// A low-pass prototype: a sinc under a Kaiser window, its time axis in samples of the filter's input, and unit gain at that rate.
/// </summary>
/// <param name="Cutoff">The middle of the transition, in cycles per input sample.</param>
/// <param name="HalfWidth">Where the window ends, in input samples on either side of 0.</param>
/// <param name="Beta">The window's shape.</param>
internal readonly record struct KaiserSinc(double Cutoff, double HalfWidth, double Beta)
{
    /// <summary>
    /// The window's beta for a rejection in decibels and a transition in parts of the Nyquist frequency, fitted to libsoxr from 126 to
    /// 139 dB; a thousandth matters, hence the squares. It rises slowly up to a transition of a quarter, fast up to a half, and no more.
    /// </summary>
    public static double BetaFor(double attenuation, double transition)
    {
        double surplus = attenuation - 126.43, wider = Math.Min(transition - 0.0431282, 0.2069);
        double octave = Math.Clamp(Math.Log2(transition / 0.2487), 0, 1);
        return 13.04 + (surplus * (0.111409 + (1.18e-5 * surplus)))
            + (wider * (0.86 - (1.95 * wider))) + (octave * (0.2295 + (0.0038 * surplus)));
    }

    /// <summary>
    /// The taps that a transition of <paramref name="width"/> cycles per sample needs: a multiple of <paramref name="step"/>, and one.
    /// </summary>
    public static int Taps(double beta, double width, int step)
    {
        int least = (int)Math.Ceiling((Span(beta) / width) + 1);
        return ((least + step - 2) / step * step) + 1;
    }

    /// <summary>The length of a filter times the width of its transition.</summary>
    public static double Span(double beta) => 8.3023 + (0.6364 * (beta - 13.04));

    /// <summary>The impulse response at a time in input samples.</summary>
    public double At(double time)
    {
        double place = time / HalfWidth;
        if (Math.Abs(place) > 1)
        {
            return 0;
        }

        double angle = 2 * Math.PI * Cutoff * time;
        double sinc = angle == 0 ? 1 : Math.Sin(angle) / angle;
        return 2 * Cutoff * sinc * BesselI0(Beta * Math.Sqrt(1 - (place * place))) / BesselI0(Beta);
    }

    // The power series: every term is positive, so it loses nothing at the betas in use (under 20).
    private static double BesselI0(double x)
    {
        double sum = 1;
        double term = 1;
        for (int k = 1; term > sum * 1e-17; k++)
        {
            double factor = x / (2 * k);
            term *= factor * factor;
            sum += term;
        }

        return sum;
    }
}
