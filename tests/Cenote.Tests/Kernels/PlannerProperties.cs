using Cenote.Kernels;
using CsCheck;

namespace Cenote.Tests.Kernels;

/// <summary>The choice among kernels, under the windows of <see cref="KernelProperties"/>.</summary>
public class PlannerProperties : KernelProperties
{
    [Fact]
    public void The_kernel_that_is_chosen_costs_least_of_those_that_fit() => GenGeometry.Sample(
        asked =>
        {
            Geometry geometry = asked.AsSliding();
            foreach ((int cellBytes, int laneBytes) in new[] { (1, 1), (2, 2), (4, 4), (8, 8), (1, 2), (1, 4), (2, 4), (4, 8) })
            foreach (bool ordered in new[] { false, true })
            {
                KernelName chosen = Planner.Choose(geometry, cellBytes, laneBytes, ordered);
                Assert.True(Planner.Fits(chosen, geometry, laneBytes, ordered), $"{chosen} does not fit");
                double least = Cost(chosen);
                // Some are taken wherever they fit.
                if (double.IsPositiveInfinity(least) && chosen != KernelName.CellByCell) continue;
                foreach (KernelName kernel in Enum.GetValues<KernelName>())
                {
                    if (kernel is KernelName.Positions or KernelName.PixelPositions || !Planner.Fits(kernel, geometry, laneBytes, ordered)) continue;
                    double cost = Cost(kernel);
                    // Not a number is neither.
                    Assert.True(cost > 0 && cost >= least, $"{kernel} costs {cost}, {chosen} {least}");
                }

                double Cost(KernelName kernel) => KernelCost.Of(kernel, geometry, cellBytes, laneBytes, Planner.Lanes(laneBytes), ordered, placed: false);
            }
        }, iter: Cases, threads: 1);

    // Pixels of rows that are shorter than their channels are many.
    [Fact]
    public void Windows_that_a_register_picks_fit_the_register_that_is_taken()
    {
        foreach (int laneBytes in new[] { 1, 2, 4, 8 })
        for (int inner = 1; inner <= 64; inner++)
        for (int length = 1; length <= 40; length++)
        for (int kernel = 1; kernel <= Math.Min(9, length); kernel++)
        {
            Geometry geometry = new(3, Axis.Unit, Axis.Sliding(40, kernel, 4, 1, 0, 0, ceil: false), Axis.Sliding(length, kernel, 5, 1, 0, 0, ceil: false), inner);
            if (!Planner.Fits(KernelName.UnevenRows, geometry, laneBytes, ordered: false)) continue;
            int lanes = Math.Min(Planner.Lanes(laneBytes), Planner.RegisterBytes(KernelName.UnevenRows, geometry, laneBytes) / laneBytes);
            Assert.True(Planner.Picked(geometry.Width, inner, lanes).Windows > 0, $"{inner} channels, {length} columns, {kernel} taps in {lanes} lanes");
        }
    }
}
