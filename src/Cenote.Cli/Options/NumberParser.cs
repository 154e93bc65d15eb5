using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Cenote.Cli;

/// <summary>Reads numbers, and says what is wrong with one in a user's words.</summary>
internal static class NumberParser
{
    /// <summary>An option of one number.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What the number is.</param>
    /// <param name="helpName">Its unit or letter in the help.</param>
    /// <param name="default">Its value where none is given.</param>
    public static Option<T?> Option<T>(string name, string description, string helpName, T? @default = null)
        where T : struct, INumber<T>, IMinMaxValue<T>
    {
        Option<T?> option = new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (T.TryParse(text.Equals("inf", StringComparison.OrdinalIgnoreCase) ? "Infinity" : text, NumberStyles.Float, CultureInfo.InvariantCulture, out T number)) return number;
                result.AddError($"{name} is '{text}'; it must be a {Kind<T>()}");
                return null;
            },
        };
        if (@default is { } value) option.DefaultValueFactory = _ => value;
        return option;
    }

    /// <summary>What text must be to be read as a number of a type.</summary>
    /// <param name="noun">One number or several.</param>
    public static string Kind<T>(string noun = "number")
        where T : struct, INumber<T>, IMinMaxValue<T> => T.One / (T.One + T.One) == T.Zero ? $"whole {noun} of at most {T.MaxValue}" : noun;

    /// <summary>Numbers with commas between, or <c>null</c> where the text is anything else.</summary>
    public static T[]? List<T>(string text, NumberStyles style)
        where T : struct, INumber<T>
    {
        string[] parts = text.Split(',');
        T[] numbers = new T[parts.Length];
        for (int i = 0; i < parts.Length; i++)
            if (!T.TryParse(parts[i], style, CultureInfo.InvariantCulture, out numbers[i])) return null;
        return numbers;
    }
}
