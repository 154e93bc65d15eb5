using System.Numerics.Tensors;

namespace Cenote;

/// <summary>What a layer keeps of its last input: how to go back, once.</summary>
internal sealed class WayBack
{
    private Delegate? _gradient;

    /// <summary>Keeps the way back from the last input, in place of any other.</summary>
    /// <param name="gradient">The gradient of the input for one of the output.</param>
    public void Keep<T>(Func<Tensor<T>, Tensor<T>> gradient) => _gradient = gradient;

    /// <summary>Goes back, and lets go of what was kept for it.</summary>
    /// <param name="gradOutput">The gradient of the output.</param>
    /// <param name="layer">The layer's name, for a message.</param>
    /// <exception cref="InvalidOperationException">Nothing is kept.</exception>
    /// <exception cref="ArgumentException">The gradient is of another type or shape than the last output.</exception>
    public Tensor<T> Go<T>(Tensor<T> gradOutput, string layer)
    {
        ArgumentNullException.ThrowIfNull(gradOutput);
        Tensor<T> gradInput = _gradient switch
        {
            null => throw new InvalidOperationException($"{layer} has seen no input since its last Backward; each Backward must follow a Forward of its own"),
            Func<Tensor<T>, Tensor<T>> gradient => gradient(gradOutput),
            Delegate other => throw new ArgumentException(
                $"gradOutput holds {typeof(T).Name}; it must hold {other.GetType().GetGenericArguments()[0].GetGenericArguments()[0].Name}, as the last input did", nameof(gradOutput)),
        };
        _gradient = null;
        return gradInput;
    }
}
