using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MySqlConnector;
using Sanbashi.Storage.Tests;

namespace Sanbashi.ControlPlane.Tests.Secrets.Rotation;

/// <summary>A MariaDB server of the tests' own, started by the first test that wants it.</summary>
public sealed class MariaDbServer : IAsyncDisposable
{
    private const string Owner = "mysql";
    private const string Installer = "/usr/bin/mariadb-install-db";
    private const string Program = "/usr/sbin/mariadbd";

    private readonly SemaphoreSlim _gate = new(1);
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"sanbashi-maria-{Guid.NewGuid():N}");
    private Process? _process;
    private int _databases;

    public int Port { get; } = FreePort();

    /// <summary>The user that may do everything.</summary>
    public const string Master = "master";

    public const string MasterPassword = "master-password";

    /// <summary>The name of an empty database. Skips the test where MariaDB is not installed.</summary>
    public async Task<string> CreateDatabase()
    {
        Assert.SkipUnless(File.Exists(Installer) && File.Exists(Program), "MariaDB is not installed (apt-get install mariadb-server); its tests are skipped");
        await _gate.WaitAsync();
        try
        {
            if (_process is null)
            {
                await Start();
            }

            var name = $"shop{++_databases}";
            await Execute(Master, MasterPassword, "", $"CREATE DATABASE {name}");
            return name;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task Execute(string user, string password, string database, string sql)
    {
        await using var connection = new MySqlConnection($"Server=127.0.0.1;Port={Port};User ID={user};Password={password};Database={database};Pooling=false");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task Start()
    {
        Directory.CreateDirectory(_folder);
        string[] asOwner = Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={Owner}", $"--regid={Owner}", "--clear-groups"] : [];
        if (Environment.IsPrivilegedProcess)
        {
            await Run("chown", Owner, _folder);
        }

        var (data, init) = (Path.Combine(_folder, "data"), Path.Combine(_folder, "init.sql"));
        await Run([.. asOwner, Installer, "--no-defaults", $"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db"]);
        await File.WriteAllTextAsync(init, $"CREATE USER IF NOT EXISTS '{Master}'@'%' IDENTIFIED BY '{MasterPassword}';\nGRANT ALL ON *.* TO '{Master}'@'%' WITH GRANT OPTION;\n");
        _process = Process.Start(Quiet(
            [.. asOwner, Program, "--no-defaults", $"--datadir={data}", $"--socket={_folder}/socket", $"--pid-file={_folder}/pid", "--bind-address=127.0.0.1", $"--port={Port}", $"--init-file={init}", "--skip-name-resolve"]))!;
        var deadline = Deadline.Token();
        while (true)
        {
            try
            {
                await Execute(Master, MasterPassword, "", "SELECT 1");
                return;
            }
            catch (MySqlException) when (!deadline.IsCancellationRequested && !_process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), deadline);
            }
        }
    }

    private static async Task Run(params string[] command)
    {
        using var process = Process.Start(Quiet(command))!;
        await process.WaitForExitAsync(Deadline.Token());
        process.ExitCode.ShouldBe(0, string.Join(' ', command));
    }

    /// <summary>Output goes nowhere: the server inherits it and would keep a pipe open.</summary>
    private static ProcessStartInfo Quiet(string[] command) => new("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", .. command]) { WorkingDirectory = "/" };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
