using Sanbashi.Storage.Tests;
using Sanbashi.Storage.Tests.Crashes;
using Xunit.Runner.InProc.SystemConsole;

return args switch
{
    [WriterProcess.Argument, var address] => await WriterProcess.Run(address),
    [Measurement.Argument, var address] => await Measurement.Run(address),
    _ => await ConsoleRunner.Run(args),
};
