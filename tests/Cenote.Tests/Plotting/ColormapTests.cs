using System.Security.Cryptography;
using Cenote.Plotting;

namespace Cenote.Tests.Plotting;

public class ColormapTests
{
    // SHA-256 of the 768 bytes of matplotlib.colormaps[name](range(256), bytes=True)[:, :3], matplotlib 3.6.3.
    [Theory]
    [InlineData("inferno", "8092f65256023cefa85fe1136f4f398a2a9f35e9fdf414176b33cce639c44318")]
    [InlineData("magma", "e2e7c21b2cdebd6f55d07fae05ea13bb4b4f0908509892384b87c747b9f319f6")]
    [InlineData("plasma", "3c079586af5e937166b831cf38703adbeb1198aa6bb3f176495e231423a3c14c")]
    [InlineData("viridis", "96a1f6f37d4041f953def955ffb8b9ea2110a9b4e3c9b701182d48f7a9774c58")]
    [InlineData("gray", "c15598e2bf5c6ff32034b4c7b3ce668b7993d7b986349e2b676be4f87c2502c3")]
    public void Every_entry_is_matplotlibs(string name, string hash)
    {
        byte[] bytes = [.. Colormap.Named(name).Entries.ToArray().SelectMany(rgb => new[] { rgb.Red, rgb.Green, rgb.Blue })];
        Assert.Equal(768, bytes.Length);
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    [Fact]
    public void Inferno_runs_from_black_to_pale_yellow()
    {
        Assert.Equal(new Rgb(0, 0, 3), Colormap.Inferno.Entries[0]);
        Assert.Equal(new Rgb(187, 55, 84), Colormap.Inferno.Entries[128]);
        Assert.Equal(new Rgb(252, 254, 164), Colormap.Inferno.Entries[255]);
    }

    [Fact]
    public void An_entry_begins_at_its_256th_of_the_range()
    {
        for (int i = 1; i < 256; i++)
        {
            Assert.Equal(i, Colormap.IndexOf(i / 256f, 0, 1));
            Assert.Equal(i - 1, Colormap.IndexOf(MathF.BitDecrement(i / 256f), 0, 1));
        }
    }

    // Values where float64 in between would choose the neighbouring entry; matplotlib 3.6.3 chooses these.
    [Theory]
    [InlineData(0.40336037f, -28.459202f, 16.870958f, 162)]
    [InlineData(-24.758217f, -58.426678f, 22.885834f, 105)]
    [InlineData(-35.116817f, -61.103115f, 4.117399f, 102)]
    [InlineData(9.992929f, -19.447212f, 25.148508f, 169)]
    public void The_index_is_rounded_to_float32_at_every_step(float value, float min, float max, int index) =>
        Assert.Equal(index, Colormap.IndexOf(value, min, max));

    [Theory]
    [InlineData(-3f, 0)]
    [InlineData(0f, 0)]
    [InlineData(2f, 255)]
    [InlineData(5f, 255)]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(float.PositiveInfinity, 255)]
    [InlineData(float.NaN, -1)]
    public void The_index_stays_inside_the_table(float value, int index) => Assert.Equal(index, Colormap.IndexOf(value, 0, 2));

    [Fact]
    public void A_range_of_one_value_takes_entry_0()
    {
        Assert.Equal(0, Colormap.IndexOf(7, 7, 7));
        Assert.Equal(255, Colormap.IndexOf(float.PositiveInfinity, 7, 7));
    }

    [Fact]
    public void A_range_beyond_float32_is_still_divided_evenly()
    {
        Assert.Equal(128, Colormap.IndexOf(0, -float.MaxValue, float.MaxValue));
        Assert.Equal(192, Colormap.IndexOf(float.MaxValue / 2, -float.MaxValue, float.MaxValue));
    }

    [Fact]
    public void Nan_has_a_colour_that_no_value_has()
    {
        foreach (Colormap map in Colormap.All)
        {
            Assert.DoesNotContain(map.Missing, map.Entries.ToArray());
            Assert.Equal(map.Missing, map.ColorOf(float.NaN, 0, 1));
        }
    }

    [Fact]
    public void Names_are_taken_in_any_case() => Assert.Same(Colormap.Viridis, Colormap.Named("Viridis"));

    [Fact]
    public void An_unknown_name_is_answered_with_the_known_ones()
    {
        var error = Assert.Throws<ArgumentException>(() => Colormap.Named("jet"));
        Assert.Equal("name must be one of inferno, magma, plasma, viridis, gray (was 'jet')", error.Message);
    }
}
