using System.Numerics.Tensors;

namespace Cenote.Tests.Explaining;

public class ExplanationTests
{
    private static readonly Tensor<float> Plane = Tensor.Create(Enumerable.Range(1, 16).Select(i => (float)i).ToArray(), [1, 1, 4, 4]);

    [Fact]
    public void Four_steps() => Assert.Equal(
        """
        MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
        slide    axis 0: 1 * 2 - 0 + j * 1, j = 0 .. 1 -> 2, 3
                 axis 1: 0 * 2 - 0 + j * 1, j = 0 .. 1 -> 0, 1
        select    9  10
                 13  14
        compute  max(9, 10, 13, 14) = 14
        assign   output[0, 0, 1, 0] = 14
        """,
        new MaxPool2d(2).Explain(Plane, 1, 0).ToString());

    [Fact]
    public void Padding_is_shown_and_counted()
    {
        Explanation explanation = new AvgPool2d(3, stride: 2, padding: 1, ceilMode: true).Explain(Plane, 0, 2);
        Assert.Equal(9, explanation.Region.Count);
        Assert.Equal([null, null, null, "4", null, null, "8", null, null], explanation.Region.Select(cell => cell.Value));
        Assert.Equal("(4 + 8) / 6 = 2", explanation.Compute);
        Assert.Equal("(4 + 8) / 2 = 6", new AvgPool2d(3, stride: 2, padding: 1, ceilMode: true, countIncludePad: false).Explain(Plane, 0, 2).Compute);
    }

    [Fact]
    public void Every_operator_has_its_arithmetic()
    {
        Assert.Equal("min(1, 2, 5, 6) = 1", new MinPool(new Window(2)).Explain(Plane, 0, 0).Compute);
        Assert.Equal("1 + 2 + 5 + 6 = 14", new SumPool(new Window(2)).Explain(Plane, 0, 0).Compute);
        Assert.Equal("(1 + 2 + 5 + 6) / 4 = 3.5", new AvgPool2d(2).Explain(Plane, 0, 0).Compute);
        Assert.Equal("(1 + 2 + 5 + 6) / 7 = 2", new AvgPool2d(2, divisorOverride: 7).Explain(Plane, 0, 0).Compute);
        Assert.Equal("(|1|^1 + |2|^1 + |5|^1 + |6|^1)^(1/1) = 14", new LPPool2d(1, 2).Explain(Plane, 0, 0).Compute);
        Assert.Equal("trunc((1 + 2 + 3) / 3) = 2", new AvgPool(new Window(3)).Explain(Tensor.Create([1, 2, 3], [1, 1, 3]), 0).Compute);
        Assert.Equal("1 + 2 + 3 = 6", new SumPool(new Window(3)).Explain(Tensor.Create([1, 2, 3], [1, 1, 3]), 0).Compute);
        Assert.StartsWith("(1 + 2 + 3 + 4 + 5 +", new AvgPool(Window.Global).Explain(Plane, 0, 0).Compute);
        Assert.Equal("max(3, 4, 7, 8, 11, 12, 15, 16) = 16", new AdaptiveMaxPool2d((1, 3)).Explain(Plane, 0, 2).Compute);
    }

    [Fact]
    public void An_index_that_is_none_is_refused()
    {
        Assert.Contains("at is (2, 0); it must lie inside the output of shape (1, 1, 2, 2)", Refused(2, 0));
        Assert.Contains("at is (-1, 0)", Refused(-1, 0));
        Assert.Contains("at is (1,); it must have 2 numbers, or 4", Refused(1));

        static string Refused(params nint[] at) => Assert.Throws<ArgumentException>(() => new MaxPool2d(2).Explain(Plane, at)).Message;
    }

    [Fact]
    public void Backward_tells_which_windows_a_cell_wins() => Assert.Equal(
        """
        MaxPool2d(kernel_size=3, stride=1, padding=1, dilation=1, ceil_mode=False)
        cell     input[0, 0, 3, 0] = 13
        reach    axis 0: (3 + 1 - j * 1) / 1 where whole, j = 0 .. 2 -> 2, 3
                 axis 1: (0 + 1 - j * 1) / 1 where whole, j = 0 .. 2 -> 0, 1
        share    output[0, 0, 2, 0] = 14, another cell: 0
                 output[0, 0, 2, 1] = 15, another cell: 0
                 output[0, 0, 3, 0] = 14, another cell: 0
                 output[0, 0, 3, 1] = 15, another cell: 0
        gradient 0 + 0 + 0 + 0 = 0
        """,
        new MaxPool2d(3, stride: 1, padding: 1).ExplainBackward(Plane, null, 3, 0).ToString());

    [Fact]
    public void Backward_takes_a_gradient()
    {
        Tensor<float> gradient = Tensor.Create([1f, 2, 3, 4], [1, 1, 2, 2]);
        BackwardExplanation max = new MaxPool2d(2).ExplainBackward(Plane, gradient, 3, 1);
        Assert.Equal(("3", true, "3"), (max.Shares[0].Share, max.Shares[0].Wins, max.Gradient));
        Assert.Equal([0, 0, 1, 0], max.Shares[0].At);
        BackwardExplanation mean = new AvgPool2d(2).ExplainBackward(Plane, gradient, 0, 0, 0, 3);
        Assert.Equal(("2 / 4", null, "0.5"), (mean.Shares[0].Share, mean.Shares[0].Wins, mean.Gradient));
        Assert.Contains("gradOutput has shape (1, 1, 2, 2)", Assert.Throws<ArgumentException>(() => new AvgPool2d(3).ExplainBackward(Plane, gradient, 0, 0)).Message);
    }

    [Fact]
    public void Backward_of_every_operator_has_its_arithmetic()
    {
        Assert.Equal("1", new SumPool(new Window(2)).ExplainBackward(Plane, null, 0, 0).Shares[0].Share);
        Assert.Equal("1 / 7", new AvgPool2d(2, divisorOverride: 7).ExplainBackward(Plane, null, 0, 0).Shares[0].Share);
        Assert.Equal("1 * sign(6) * (|6| / 14)^(1 - 1)", new LPPool2d(1, 2).ExplainBackward(Plane, null, 1, 1).Shares[0].Share);
        Assert.Equal(true, new MinPool(Window.Global).ExplainBackward(Plane, null, 0, 0).Shares[0].Wins);
        Assert.Equal([1L, 2], new AdaptiveMaxPool2d((1, 3)).ExplainBackward(Plane, null, 0, 2).Reach[1].Positions);
        Assert.Equal("1 / 4", new AvgPool(Window.Global with { Rank = 1, KeepDims = false }).ExplainBackward(Plane, null, 1).Shares[0].Share);
    }

    [Fact]
    public void A_cell_between_the_windows_reaches_none()
    {
        BackwardExplanation explanation = new MaxPool2d(1, stride: 2).ExplainBackward(Plane, null, 1, 0);
        Assert.Empty(explanation.Shares);
        Assert.EndsWith("-> none\n         axis 1: (0 + 0 - j * 1) / 2 where whole, j = 0 .. 0 -> 0\nshare    none\ngradient 0", explanation.ToString());
    }

    [Fact]
    public void A_cell_that_is_none_is_refused() => Assert.Contains(
        "from is (4, 0); it must lie inside the input of shape (1, 1, 4, 4)",
        Assert.Throws<ArgumentException>(() => new MaxPool2d(2).ExplainBackward(Plane, null, 4, 0)).Message);

    [Fact]
    public void Drawn_windows_are_explained_both_ways()
    {
        // alpha = (4 - 2) / (3 - 1) = 1, so that the windows begin at 0, 1 and 2 whatever the sample.
        FractionalMaxPool layer = new(new FractionalWindow((2, 2), outputSize: (3, 3)), Tensor.Create(new[] { 0.25, 0.5 }, [1, 1, 2]));
        Assert.Equal(
            """
            FractionalMaxPool()
            slide    axis 0: trunc((1 + 0.5) * 2 / 2) - trunc(0.5 * 2 / 2) + j, j = 0 .. 1 -> 1, 2
                     axis 1: 4 - 2 + j, j = 0 .. 1 -> 2, 3
            select    7   8
                     11  12
            compute  max(7, 8, 11, 12) = 12
            assign   output[0, 0, 1, 2] = 12
            """,
            layer.Explain(Plane, 1, 2).ToString());
        BackwardExplanation backward = layer.ExplainBackward(Plane, null, 1, 1);
        Assert.Equal(4, backward.Shares.Count);
        Assert.Equal(1, backward.Shares.Count(share => share.Wins == true));
        Assert.Equal("1", backward.Gradient);
        Assert.Equal("windows that begin at 0 .. 1 -> 0, 1", backward.Reach[0].Formula);
    }
}
