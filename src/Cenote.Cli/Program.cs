using System.Globalization;
using Cenote.Cli;

// One language and one way to write numbers, whatever the machine is set to: messages and results are read by programs too.
CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
return CommandLine.Run(args);
