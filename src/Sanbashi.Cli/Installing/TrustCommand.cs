using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using Sanbashi.Cli.Native;
using Sanbashi.Cli.Platform;
using Sanbashi.Cli.Supervision;
using Sanbashi.ControlPlane.Certificates;

namespace Sanbashi.Cli.Installing;

/// <summary><c>sanbashi trust</c>.</summary>
internal static class TrustCommand
{
    private const string StoreFolder = "/usr/local/share/ca-certificates";
    private const string FileName = "sanbashi-local-authority.crt";

    public static Command Create()
    {
        var remove = new Option<bool>("--remove") { Description = "Take the authority out of this machine's store again." };
        var print = new Option<bool>("--print") { Description = "Only print the authority's certificate." };
        var command = new Command("trust", "Makes this machine trust the platform's certificate authority, so that HTTPS to its services works without warnings. Needs root.") { remove, print };
        command.SetAction((parsed, cancellationToken) => Run(GlobalOptions.StateOfThisMachine(parsed), parsed.GetValue(remove), parsed.GetValue(print), cancellationToken));
        return command;
    }

    private static async Task<int> Run(string state, bool remove, bool print, CancellationToken cancellationToken)
    {
        var installed = Path.Combine(StoreFolder, FileName);
        var source = new LocalAuthority(PlatformPaths.Certificates(state), SupervisorDefaults.Domain, TimeProvider.System).AuthorityPath;
        if (print)
        {
            Console.Out.Write(File.ReadAllText(Existing(source, state)));
            return ExitCodes.Success;
        }

        if (Posix.geteuid() != 0)
        {
            throw new CliException(ExitCodes.Denied, $"Changing {StoreFolder} needs root: sudo sanbashi trust{(remove ? " --remove" : $" --state {state}")}");
        }

        if (remove)
        {
            File.Delete(installed);
            await Tool.Run("update-ca-certificates", ["--fresh"], cancellationToken);
            Console.Error.WriteLine("The authority is no longer trusted by this machine's programs. Browsers: remove it where you imported it.");
            return ExitCodes.Success;
        }

        Directory.CreateDirectory(StoreFolder);
        File.Copy(Existing(source, state), installed, overwrite: true);
        await Tool.Run("update-ca-certificates", [], cancellationToken);
        using var authority = X509Certificate2.CreateFromPem(File.ReadAllText(installed));
        Console.Error.WriteLine($"""
            This machine's programs (curl, git, Python, .NET, ...) now trust "{authority.GetNameInfo(X509NameType.SimpleName, false)}".

            Browsers keep lists of their own. Import {installed}:
              Firefox           Settings > Privacy & Security > Certificates > View Certificates > Authorities > Import
              Chrome, Chromium  Settings > Privacy and security > Security > Manage certificates > Installed by you > Import
              Node.js           export NODE_EXTRA_CA_CERTS={installed}
            """);
        return ExitCodes.Success;
    }

    private static string Existing(string path, string state) => File.Exists(path)
        ? path
        : throw new CliException(ExitCodes.NotFound, $"The platform on {state} has no authority yet: it makes one at its first start (sanbashi up). {path} is not there.");
}
