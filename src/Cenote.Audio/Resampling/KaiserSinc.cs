namespace Cenote.Audio;

/// <summary>
/// A low-pass prototype: a sinc under a Kaiser window, its time axis in samples of the filter's input, and unit gain at that rate.
/// </summary>
/// <param name="Cutoff">The middle of the transition, in cycles per input sample.</param>
/// <param name="HalfWidth">Where the window ends, in input samples on either side of 0.</param>
/// <param name="Beta">The window's shape.</param>
internal readonly record struct KaiserSinc(double Cutoff, double HalfWidth, double Beta)
{
    // What a transition wider than a resampler's sharp one adds to beta at 126 dB, and for each decibel more. It is linear from one to the
    // next, which are an octave apart and begin at 0.032 of the cutoff.
    private static readonly double[] Rises = [-0.0116, 0.01187, 0.0485, 0.0950, 0.32476];
    private static readonly double[] RisesPerDecibel = [-0.000111, 0.000115, 0.000743, 0, 0.003766];

    /// <summary>
    /// The window's beta for a rejection in decibels and a transition, fitted to libsoxr from 126 to 152 dB; a ten-thousandth matters where
    /// it makes one tap more, hence the squares.
    /// </summary>
    public static double BetaFor(double attenuation, double pass, double stop)
    {
        double surplus = attenuation - 126.43;
        double octave = Math.Clamp(Math.Log2((stop - pass) / (stop + pass) / 0.032), 0, Rises.Length - 1);
        int lower = Math.Min((int)octave, Rises.Length - 2);
        double rise = double.Lerp(RiseAt(lower), RiseAt(lower + 1), octave - lower);
        return 13.040036 + (surplus * (0.1114116 + (1.1135e-5 * surplus))) + rise;

        double RiseAt(int knot) => Rises[knot] + (RisesPerDecibel[knot] * surplus);
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
    public static double Span(double beta)
    {
        double more = beta - 13.04;
        return 8.30232 + (more * (0.63639 + (more * (0.000136 - (1.6e-5 * more)))));
    }

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
