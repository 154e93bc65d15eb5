using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Cenote.Kernels;

namespace Cenote.Tests.Kernels;

/// <summary>The kernels of maxima and minima.</summary>
public unsafe class ExtremeKernelProperties : KernelProperties
{
    [Fact]
    public void Maxima_equal_the_walk_bit_for_bit()
    {
        Registers.Need();
        Check<float, float, int, Max<float>, Extreme<float, int, Largest>>(default, _ => default, Reals(x => (float)x));
        Check<double, double, long, Max<double>, Extreme<double, long, Largest>>(default, _ => default, Reals(x => x));
        Check<Half, Half, short, Max<Half>, Extreme<Half, short, Largest>>(default, _ => default, Reals(x => (Half)x));
        Check<BFloat16, BFloat16, short, Max<BFloat16>, Extreme<BFloat16, short, Largest>>(default, _ => default, Reals(x => (BFloat16)x));
        Check<byte, byte, byte, Max<byte>, Integer<byte, Largest>>(default, _ => default, Wholes<byte>());
        Check<short, short, short, Max<short>, Integer<short, Largest>>(default, _ => default, Wholes<short>());
        Check<ulong, ulong, ulong, Max<ulong>, Integer<ulong, Largest>>(default, _ => default, Wholes<ulong>());
    }

    [Fact]
    public void Numbers_equal_the_walk_bit_for_bit()
    {
        Registers.Need();
        Check<float, float, float, Max<float>, Number<float, Largest>>(default, _ => default, Reals(x => double.IsNaN(x) ? 5 : (float)x));
        Check<float, float, float, Min<float>, Number<float, Smallest>>(default, _ => default, Reals(x => double.IsNaN(x) ? 5 : (float)x));
        Check<double, double, double, Max<double>, Number<double, Largest>>(default, _ => default, Reals(x => double.IsNaN(x) ? 5 : x));
    }

    // Random cells with many NaNs hide one that is missed; a lone one shows it.
    [Fact]
    public void A_lone_NaN_that_a_window_holds_is_seen()
    {
        Registers.Need();
        Sample(random => random.NextSingle(), (Geometry geometry, float* input) =>
        {
            // As random as the first cell is, so that a seed brings it back; often at the beginning of a row.
            long at = (long)(input[0] * (double)(geometry.Outer * geometry.InputPlane * geometry.Inner)), place = at / geometry.Inner;
            if (at % 3 == 0) (at, place) = (at - place % geometry.Width.InputLength * geometry.Inner, place - place % geometry.Width.InputLength);
            long column = place % geometry.Width.InputLength, row = place / geometry.Width.InputLength % geometry.Height.InputLength;
            long slice = place / (geometry.Width.InputLength * geometry.Height.InputLength) % geometry.Depth.InputLength;
            long holders = geometry.Width.Outputs(column).Count * geometry.Height.Outputs(row).Count * geometry.Depth.Outputs(slice).Count;
            input[at] = float.NaN;
            float[] output = new float[geometry.Outer * geometry.OutputPlane * geometry.Inner];
            foreach (KernelName kernel in Enum.GetValues<KernelName>())
            {
                if (kernel is KernelName.WalkCells or KernelName.WalkRows or KernelName.Positions or KernelName.ChannelPositions or KernelName.PixelPositions) continue;
                int bytes = kernel is KernelName.WholePlane ? Planner.RegisterBytes(kernel, geometry, sizeof(float)) : int.MaxValue;
                if (Registers.Test(64, bytes) && Fits(64)) One<Lanes512<float>>(kernel);
                if (Registers.Test(32, bytes) && Fits(32)) One<Lanes256<float>>(kernel);
                if (Registers.Test(16, bytes) && Fits(16)) One<Lanes128<float>>(kernel);

                bool Fits(int registerBytes) => Planner.Fits(kernel, geometry, sizeof(float), ordered: false, placed: false, registerBytes);
            }

            void One<TVector>(KernelName kernel)
                where TVector : struct, ILanes<TVector, float>
            {
                Checked stands = new(new());
                fixed (float* to = output) Planner.With<float, float, Number<float, Largest>, TVector, Checked>(kernel, new(geometry, input, to, default), stands);
                if (stands.Answer.Value && output.Count(float.IsNaN) != holders) Assert.Fail($"{kernel} at {TVector.Count} lanes missed the NaN at cell {at}");
            }
        });
    }

    [Fact]
    public void Minima_equal_the_walk_bit_for_bit()
    {
        Registers.Need();
        Check<float, float, int, Min<float>, Extreme<float, int, Smallest>>(default, _ => default, Reals(x => (float)x));
        Check<BFloat16, BFloat16, short, Min<BFloat16>, Extreme<BFloat16, short, Smallest>>(default, _ => default, Reals(x => (BFloat16)x));
        Check<sbyte, sbyte, sbyte, Min<sbyte>, Integer<sbyte, Smallest>>(default, _ => default, Wholes<sbyte>());
        Check<uint, uint, uint, Min<uint>, Integer<uint, Smallest>>(default, _ => default, Wholes<uint>());
    }

    [Theory]
    [InlineData(9, 4)]
    [InlineData(7, 4)]
    [InlineData(17, 1)]
    [InlineData(5, 1)]
    public void A_stride_as_long_as_a_part_of_the_window_changes_nothing(int kernel, int stride)
    {
        Random random = new(kernel);
        float[] cells = new float[2 * 48 * 29];
        for (int i = 0; i < cells.Length; i++) cells[i] = random.Next(1000);
        Window window = new((kernel, 3)) { Stride = (stride, 1), Padding = (1, 0) };
        float[] actual = Pool.Max(Tensor.Create(cells, [2, 1, 48, 29]), window).ToArray();
        Axis height = window.Axes([2, 1, 48, 29])[0];
        int output = 0;
        for (int plane = 0; plane < 2; plane++)
        for (int oh = 0; oh < height.OutputLength; oh++)
        for (int ow = 0; ow < 27; ow++, output++)
        {
            float expected = float.NegativeInfinity;
            for (int h = Math.Max(0, oh * stride - 1); h < Math.Min(48, oh * stride - 1 + kernel); h++)
                for (int w = ow; w < ow + 3; w++) expected = Math.Max(expected, cells[(plane * 48 + h) * 29 + w]);
            if (actual[output] != expected) Assert.Fail($"output {output} is {actual[output]}, not {expected}");
        }
        Assert.Equal(output, actual.Length);
    }

    /// <summary>Runs a kernel and keeps whether what it made stands.</summary>
    private readonly struct Checked(StrongBox<bool> answer) : IKernelUse
    {
        public StrongBox<bool> Answer { get; } = answer;

        public void Take<TKernel>(in TKernel kernel)
            where TKernel : struct, ICheckedKernel
        {
            TKernel mine = kernel;
            Answer.Value = mine.TryRun(0, mine.Units);
        }
    }
}
