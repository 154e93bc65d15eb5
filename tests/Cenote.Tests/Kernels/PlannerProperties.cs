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
            foreach (int laneBytes in new[] { 1, 2, 4, 8 })
            foreach (bool ordered in new[] { false, true })
            {
                KernelName chosen = Planner.Choose(geometry, laneBytes, ordered);
                Assert.True(Planner.Fits(chosen, geometry, laneBytes, ordered), $"{chosen} does not fit");
                double least = Cost(chosen);
                // Some are taken wherever they fit.
                if (double.IsPositiveInfinity(least) && chosen != KernelName.CellByCell) continue;
                foreach (KernelName kernel in Enum.GetValues<KernelName>())
                {
                    if (kernel is KernelName.Positions || !Planner.Fits(kernel, geometry, laneBytes, ordered)) continue;
                    double cost = Cost(kernel);
                    // Not a number is neither.
                    Assert.True(cost > 0 && cost >= least, $"{kernel} costs {cost}, {chosen} {least}");
                }

                double Cost(KernelName kernel) => KernelCost.Of(kernel, geometry, laneBytes, Planner.Lanes(laneBytes), ordered, placed: false);
            }
        }, iter: Cases, threads: 1);
}
