namespace Cenote;

/// <summary>Which axes of a tensor a window slides over.</summary>
public enum Layout
{
    /// <summary>(N, C, …): the window slides over the last axes. PyTorch, ONNX.</summary>
    ChannelsFirst,

    /// <summary>(N, …, C): the window slides over the axes before the last. Keras, TensorFlow.</summary>
    ChannelsLast,
}
