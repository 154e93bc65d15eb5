using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Cenote.Cli;

/// <summary>Reads <c>3</c> and <c>3,2</c>.</summary>
internal static class SizesParser
{
    /// <summary>An option of one number or one per axis.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What the numbers are.</param>
    /// <param name="mayBeUnset">Whether <c>none</c> is a number too.</param>
    public static Option<Sizes?> Option(string name, string description, bool mayBeUnset = false) => new(name)
    {
        Description = description,
        HelpName = "N[,N..]",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (Parse(text, mayBeUnset) is { } sizes) return sizes;
            result.AddError($"{name} is '{text}'; it must be a {NumberParser.Kind<int>()}, or up to three with commas between, such as 3 or 3,2{(mayBeUnset ? " or 7,none" : "")}");
            return null;
        },
    };

    /// <summary>The numbers, or <c>null</c> where the text is none.</summary>
    public static Sizes? Parse(string text, bool mayBeUnset = false)
    {
        string[] parts = text.Split(',');
        int?[] numbers = new int?[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (mayBeUnset && parts[i].Trim().Equals("none", StringComparison.OrdinalIgnoreCase)) continue;
            if (!int.TryParse(parts[i], NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int number))
                return null;
            numbers[i] = number;
        }
        return numbers.Length <= 3 ? Sizes.Of(numbers) : null;
    }
}
