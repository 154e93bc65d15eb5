using Cenote.Cli;

return CommandLine.Run(args);
