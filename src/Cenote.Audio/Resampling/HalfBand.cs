namespace Cenote.Audio;

/// <summary>
/// Low-pass filters for halving a rate, as libsoxr has them: equiripple, from pass at a quarter of the Nyquist frequency to stop at three
/// quarters, the shortest that rejects enough. Every second tap but the middle one is 0.
/// </summary>
internal sealed class HalfBand
{
    // What the 8 taps to either side reject, in decibels.
    private const double ShortRejection = 136.5;

    // The taps 1, 3, 5 ... samples from the middle, by Remez' exchange.
    private static readonly HalfBand Short = new(
        0.31154655041479923, -0.08734498574204744, 0.036814539306247035, -0.015189271658154707, 0.0054541267399460655,
        -0.0015644047102350176, 0.00031817131220049675, -3.4800323756106816e-05);

    // 152.3 dB, which is more than all stages that the largest ratio takes ask for.
    private static readonly HalfBand Long = new(
        0.31227036751008436, -0.08922156875817741, 0.03913976763048003, -0.017250614446073554, 0.006858981687941183,
        -0.002304524480441225, 0.0006096449186271524, -0.0001132399986129182, 1.1198037107152422e-05);

    private readonly double[] _taps;

    private HalfBand(params double[] taps) => _taps = taps;

    /// <summary>The last sample, on either side, that has a weight.</summary>
    public int Reach => (2 * _taps.Length) - 1;

    /// <summary>The filter for a rejection in decibels.</summary>
    public static HalfBand For(double attenuation) => attenuation <= ShortRejection ? Short : Long;

    /// <summary>The impulse response at a whole number of input samples.</summary>
    public double At(double time)
    {
        int distance = (int)Math.Abs(time);
        return distance == 0 ? 0.5 : distance % 2 == 0 || distance > Reach ? 0 : _taps[distance / 2];
    }
}
