using System.Diagnostics;

namespace Sanbashi.Engines.Docker.Networks;

/// <summary>The program that loads packet filter rules into the kernel.</summary>
internal sealed class NftProgram(TimeProvider timeProvider)
{
    private static readonly string[] Programs = ["/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft", "/usr/local/sbin/nft"];

    private readonly string? _program = Programs.FirstOrDefault(File.Exists);

    /// <summary>Why it cannot be used; null when it can.</summary>
    public string? Obstacle =>
        _program is null ? "the program nft is not installed (Debian: nftables)"
        : !Environment.IsPrivilegedProcess ? "only root may change firewall rules"
        : null;

    /// <summary>Null on success, else what nft said.</summary>
    public async Task<string?> Load(string rules, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10), timeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(_program!, ["-f", "-"]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true },
        };
        process.Start();
        try
        {
            var errors = process.StandardError.ReadToEndAsync(linked.Token);
            var output = process.StandardOutput.ReadToEndAsync(linked.Token);
            await process.StandardInput.WriteAsync(rules.AsMemory(), linked.Token).ConfigureAwait(false);
            process.StandardInput.Close();
            await process.WaitForExitAsync(linked.Token).ConfigureAwait(false);
            await output.ConfigureAwait(false);
            return process.ExitCode == 0 ? null : (await errors.ConfigureAwait(false)).Trim();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill();
            return "nft did not end within 10 s";
        }
    }
}
