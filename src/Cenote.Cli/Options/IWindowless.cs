using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote.Cli;

/// <summary>An operator that slides no window, ready to be applied.</summary>
internal interface IWindowless
{
    /// <summary>The shape of the output, without any data.</summary>
    nint[] OutputShape(ReadOnlySpan<nint> inputShape);

    /// <summary>The output, and where the winners are if it has such.</summary>
    (Tensor<T> Output, Tensor<long>? Indices) Forward<T>(Tensor<T> input)
        where T : unmanaged, INumber<T>;
}
