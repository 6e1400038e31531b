using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Sanbashi.Cli.Platform;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Contexts;

/// <summary>
/// The user's own <c>ssh</c> to the machine of a platform, so that keys, agents and jump hosts work as always. A first run asks what the platform
/// there says of itself, with its key; a second one forwards a loopback port of this machine to its API for as long as the command lasts.
/// </summary>
internal sealed class SshTunnel : IAsyncDisposable
{
    /// <summary>ssh's own exit code, as opposed to that of the command there.</summary>
    private const int ConnectionFailed = 255;

    private const string EndOfFile = "--sanbashi--";

    private readonly Process _forward;
    private readonly string _folder;

    private SshTunnel(Process forward, string folder, string host, Uri endpoint, PlatformStatus platform)
    {
        (_forward, _folder, Host, Endpoint, Platform) = (forward, folder, host, endpoint, platform);
    }

    public string Host { get; }

    public Uri Endpoint { get; }

    public PlatformStatus Platform { get; }

    /// <summary>A copy of the key that only this user can read, gone when the command ends.</summary>
    public string CredentialsPath => Path.Combine(_folder, "credentials");

    public static async Task<SshTunnel> Open(PlatformContext context, CancellationToken cancellationToken)
    {
        var url = new Uri(context.Url);
        var (platform, credentials) = await Ask(url, context.State ?? PlatformPaths.SystemState, cancellationToken);
        var remote = new Uri(platform.Api[0]);
        var port = FreePort();
        var forward = Start(url, ["-N", "-o", "ExitOnForwardFailure=yes", "-L", $"127.0.0.1:{port}:{(remote.Host == "localhost" ? "127.0.0.1" : remote.Host)}:{remote.Port}"], []);
        var folder = Directory.CreateTempSubdirectory("sanbashi-").FullName;
        var tunnel = new SshTunnel(forward, folder, url.Host, new Uri($"http://localhost:{port}"), platform);
        try
        {
            File.WriteAllText(tunnel.CredentialsPath, credentials);
            File.SetUnixFileMode(tunnel.CredentialsPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await tunnel.WaitUntilOpen(port, cancellationToken);
            return tunnel;
        }
        catch
        {
            await tunnel.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_forward.HasExited)
        {
            _forward.Kill();
            await _forward.WaitForExitAsync(CancellationToken.None);
        }

        _forward.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<(PlatformStatus Platform, string Credentials)> Ask(Uri url, string state, CancellationToken cancellationToken)
    {
        var quoted = $"'{state.Replace("'", "'\\''", StringComparison.Ordinal)}'";
        using var process = Start(url, [], [$"cat {quoted}/run/platform.json && echo && echo {EndOfFile} && cat {quoted}/credentials"]);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var text = await output;
        if (process.ExitCode != 0 || text.Split(EndOfFile + "\n") is not [var platform, var credentials])
        {
            throw new CliException(
                ExitCodes.Unreachable,
                $"Asking {url} for its platform on {state} failed (ssh ended with {process.ExitCode}): {(await error).Trim()}\n"
                + (process.ExitCode == ConnectionFailed
                    ? $"The connection itself failed. Try it by hand: ssh {Login(url)} true"
                    : "It must run there, and that user must be able to read its key: root, or a member of the group 'sanbashi'."));
        }

        return (JsonSerializer.Deserialize(platform, SupervisionJsonContext.Default.PlatformStatus)!, credentials);
    }

    private async Task WaitUntilOpen(int port, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_forward.HasExited)
            {
                var reason = await _forward.StandardError.ReadToEndAsync(cancellationToken);
                throw new CliException(ExitCodes.Unreachable, $"The ssh tunnel to {Host} ended: {reason.Trim()}");
            }

            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                // ssh opens the port once it is logged in; it ends by itself if it cannot.
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
            }
        }
    }

    private static Process Start(Uri url, IReadOnlyList<string> options, IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo("ssh") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, StandardOutputEncoding = Encoding.UTF8 };
        start.ArgumentList.Add("-T");
        if (!url.IsDefaultPort && url.Port > 0)
        {
            start.ArgumentList.Add("-p");
            start.ArgumentList.Add(url.Port.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var argument in options.Append(Login(url)).Concat(command))
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new CliException(ExitCodes.Unreachable, "There is no 'ssh' in PATH. Install it (Debian: apt-get install openssh-client).", failure);
        }
    }

    private static string Login(Uri url) => url.UserInfo.Length > 0 ? $"{Uri.UnescapeDataString(url.UserInfo)}@{url.Host}" : url.Host;

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
