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
}
