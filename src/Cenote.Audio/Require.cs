using System.Globalization;
using System.Runtime.CompilerServices;

namespace Cenote.Audio;

/// <summary>Checks of the public doors. The runtime's own spread a value over two lines of message; an error here is one line.</summary>
internal static class Require
{
    public static void Positive(int value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < 1)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} must be 1 or more; it is {value}."), name);
        }
    }
}
