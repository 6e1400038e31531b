using System.CommandLine;
using System.Text.Json;
using Sanbashi.Cli.Platform;
using Sanbashi.Cli.Supervision;
using Sanbashi.ControlPlane.Identity;
using Sanbashi.Wire;

namespace Sanbashi.Cli.Contexts;

/// <summary>Finds the platform that a command means and the key to it.</summary>
internal static class ConnectionFactory
{
    public const string RegionVariable = "SANBASHI_REGION";

    /// <exception cref="CliException">No platform runs there, or its key cannot be read; the message says what to do.</exception>
    public static async Task<PlatformConnection> Open(ParseResult parsed, CancellationToken cancellationToken)
    {
        var region = parsed.GetValue(GlobalOptions.Region) ?? NotEmpty(Environment.GetEnvironmentVariable(RegionVariable));
        var isStateNamed = !string.IsNullOrEmpty(parsed.GetValue(GlobalOptions.State));
        var (name, context) = isStateNamed ? (ContextStore.Local, null) : ContextStore.Choose(parsed.GetValue(GlobalOptions.Context));
        return context switch
        {
            null => OpenLocal(GlobalOptions.StateDirectory(parsed), region),
            { IsSsh: true } => await OpenSsh(name, context, region, cancellationToken),
            _ => OpenRemote(name, context, region),
        };
    }

    private static PlatformConnection OpenLocal(string state, string? region)
    {
        var platform = ReadPlatform(state);
        var path = RootCredentials.FilePath(state);
        return new PlatformConnection(
            ContextStore.Local, new Uri(platform.Api[0]), region ?? platform.Region, ReadKey(path, platform.Account), path, null);
    }

    private static PlatformConnection OpenRemote(string name, PlatformContext context, string? region)
    {
        var path = context.Credentials
            ?? throw new CliException(ExitCodes.Usage, $"Context '{name}' has no credentials file. Add it again: sanbashi context add {name} {context.Url} --credentials FILE");
        return new PlatformConnection(
            name, new Uri(context.Url), region ?? context.Region ?? SupervisorDefaults.Region, ReadKey(path, SupervisorDefaults.Account), path, null);
    }

    private static async Task<PlatformConnection> OpenSsh(string name, PlatformContext context, string? region, CancellationToken cancellationToken)
    {
        var tunnel = await SshTunnel.Open(context, cancellationToken);
        try
        {
            return new PlatformConnection(
                name,
                tunnel.Endpoint,
                region ?? context.Region ?? tunnel.Platform.Region,
                ReadKey(tunnel.CredentialsPath, tunnel.Platform.Account),
                tunnel.CredentialsPath,
                tunnel);
        }
        catch
        {
            await tunnel.DisposeAsync();
            throw;
        }
    }

    private static PlatformStatus ReadPlatform(string state)
    {
        var path = PlatformStatus.FilePath(state);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), SupervisionJsonContext.Default.PlatformStatus)!;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CliException(ExitCodes.Unreachable, $"No platform runs on {state}. Start one: sanbashi up --detach", failure);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw Denied(path, failure);
        }
    }

    private static ApiCredential ReadKey(string path, string account)
    {
        try
        {
            return RootCredentials.Load(path, account);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CliException(ExitCodes.NotFound, $"There is no credentials file {path}.", failure);
        }
        catch (InvalidDataException failure)
        {
            throw new CliException(ExitCodes.Denied, failure.Message, failure);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw Denied(path, failure);
        }
    }

    private static CliException Denied(string path, Exception failure) =>
        new(ExitCodes.Denied, $"This user may not read {path}. Use sudo, or join the group that owns it (sudo usermod -aG sanbashi $USER, after sanbashi install).", failure);

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
