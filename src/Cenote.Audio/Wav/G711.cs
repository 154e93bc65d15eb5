namespace Cenote.Audio;

/// <summary>The two companding laws of ITU-T G.711, as tables from a byte to a sample in [-1, 1).</summary>
internal static class G711
{
    public static ReadOnlySpan<float> ALaw => ALawTable;

    public static ReadOnlySpan<float> MuLaw => MuLawTable;

    private static readonly float[] ALawTable = Table(DecodeALaw);
    private static readonly float[] MuLawTable = Table(DecodeMuLaw);

    private static float[] Table(Func<int, int> decode) => [.. Enumerable.Range(0, 256).Select(code => decode(code) / 32768f)];

    // Even bits arrive inverted; 13 bits are scaled to 16. Sign bit set means positive.
    private static int DecodeALaw(int code)
    {
        code ^= 0x55;
        int exponent = (code >> 4) & 7;
        int magnitude = ((code & 15) << 4) + 8;
        if (exponent > 0)
        {
            magnitude = (magnitude + 0x100) << (exponent - 1);
        }

        return (code & 0x80) != 0 ? magnitude : -magnitude;
    }

    // All bits arrive inverted; 14 bits are scaled to 16, with a bias of 33 * 4. Sign bit set means negative.
    private static int DecodeMuLaw(int code)
    {
        code = ~code & 0xFF;
        int magnitude = ((((code & 15) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84;
        return (code & 0x80) != 0 ? -magnitude : magnitude;
    }
}
