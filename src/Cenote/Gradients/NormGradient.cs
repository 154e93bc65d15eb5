using System.Numerics;

namespace Cenote.Gradients;

/// <summary>Of a p-norm y: <c>sign(x) (|x| / y)^(p - 1)</c>; nothing for a cell of 0, whose derivative is 0 or none.</summary>
/// <remarks>By the parts of y, so that neither a power nor y itself overflows. For p = infinity equal maxima share alike.</remarks>
internal readonly unsafe struct NormGradient<T>(T* gradOutput, T* cells, ScaledSum* norms, double p) : IGradient
    where T : unmanaged, INumber<T>
{
    public bool CountsPadding => false;

    public double Share(long output, long input, long index, long count)
    {
        double cell = double.CreateTruncating(cells[input]);
        if (cell == 0) return 0;
        (double scale, double sum) = norms[output];
        return double.CreateTruncating(gradOutput[output]) * Math.CopySign(Math.Pow(Math.Abs(cell) / scale, p - 1), cell) * Math.Pow(sum, 1 / p - 1);
    }
}
