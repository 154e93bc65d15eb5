using Cenote;

namespace Comparison;

/// <summary>One row of the table: a window over an input, for one operator.</summary>
/// <param name="Name">As in the table of published figures, without the operator.</param>
/// <param name="Operator">What is computed.</param>
/// <param name="Shape">The input's shape.</param>
/// <param name="Window">The window.</param>
/// <param name="Published">The peers' figures; none where they were not measured for this operator.</param>
/// <param name="Boxes">What is pooled, where that is regions; the window is then the bins of each.</param>
internal sealed record Case(string Name, Operator Operator, nint[] Shape, Window Window, Published? Published = null, Proposals? Boxes = null)
{
    public bool IsBackward => Operator is Operator.MaxBackward or Operator.AverageBackward;

    private string OperatorName => Operator switch
    {
        Operator.Average => "avg", Operator.Max => "max", Operator.MaxWithIndices => "max with indices", Operator.MaxBackward => "backward max", Operator.Norm => "norm",
        Operator.RoiAlign => "roi_align", Operator.RoiAlignMax => "roi_align max", Operator.RoiPool => "roi_pool", _ => "backward avg",
    };

    public override string ToString() => $"{OperatorName} {Name}";
}
