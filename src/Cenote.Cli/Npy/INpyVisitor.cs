using System.Numerics;
using System.Numerics.Tensors;

namespace Cenote.Cli;

/// <summary>What is done with an array, whatever its type.</summary>
internal interface INpyVisitor<out TResult>
{
    /// <summary>Takes the array as a tensor.</summary>
    TResult Visit<T>(Tensor<T> tensor)
        where T : unmanaged, INumber<T>;
}
