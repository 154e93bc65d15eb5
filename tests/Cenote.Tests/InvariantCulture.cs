using System.Globalization;
using System.Runtime.CompilerServices;

namespace Cenote.Tests;

/// <summary>The tests read numbers in texts, as .NET writes them without a culture; a machine may be set to another.</summary>
internal static class InvariantCulture
{
    [ModuleInitializer]
    internal static void Set() =>
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
}
