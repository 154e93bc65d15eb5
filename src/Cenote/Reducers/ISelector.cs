namespace Cenote;

/// <summary>Which cell of a window wins, where its position matters and not its value alone.</summary>
/// <remarks>Cells are met in row-major order, so that the first of equals wins unless <see cref="Wins"/> says otherwise.</remarks>
/// <typeparam name="T">A cell.</typeparam>
public interface ISelector<T>
{
    /// <summary>The value of a window that has no cell; its index is -1.</summary>
    T Empty { get; }

    /// <summary>Whether a later cell takes the place of the best one so far.</summary>
    bool Wins(T candidate, T best);
}
