#:project ../src/Cenote/Cenote.csproj

// A pooling operator of your own: dotnet run samples/own-reducer.cs
using System.Numerics.Tensors;
using Cenote;

Tensor<float> x = Tensor.Create(new float[] { 1, 2, 4, 8, 3, 9 }, [1, 1, 6]);

// The geometric mean of each window, as one struct; the kernel is compiled for it.
Tensor<float> y = Pool.Reduce(x, new Window(2), new GeometricMean());
Console.WriteLine(string.Join(", ", y));    // 1.4142135, 5.656854, 5.196152

internal readonly struct GeometricMean : IReducer<GeometricMean, float, double>
{
    public double Identity => 0;

    public bool CountsPadding => false;

    public double Lift(float value) => Math.Log(value);

    public double Combine(double left, double right) => left + right;

    public float Finish(double accumulator, long count) => (float)Math.Exp(accumulator / count);
}
