using System.Numerics.Tensors;

namespace Cenote.Tests.Kernels;

internal static class RandomTensor
{
    /// <summary>Cells of both signs, none special.</summary>
    public static Tensor<float> Of(nint[] shape, int seed = 1)
    {
        Random random = new(seed);
        float[] cells = new float[shape.Aggregate((nint)1, (a, b) => a * b)];
        for (int i = 0; i < cells.Length; i++) cells[i] = random.NextSingle() - 0.5f;
        return Tensor.Create(cells, shape);
    }
}
