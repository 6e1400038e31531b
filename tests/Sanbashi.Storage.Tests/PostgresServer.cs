using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Sanbashi.Storage.Tests;

/// <summary>A PostgreSQL server of the tests' own, started by the first test that wants it. The acceptance tests compile this file too.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"sanbashi-pg-{Guid.NewGuid():N}");
    private int _databases;

    public int Port { get; } = FreePort();

    public bool IsRunning { get; private set; }

    private static string? Programs => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(d => Path.Combine(d, "bin")).FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
        : null;

    /// <summary>A URL of an empty database. Skips the test where PostgreSQL is not installed.</summary>
    public async Task<string> CreateDatabase()
    {
        Assert.SkipUnless(Programs is not null, "PostgreSQL is not installed (apt-get install postgresql); its tests are skipped");
        await _gate.WaitAsync();
        try
        {
            if (!IsRunning)
            {
                await Run("mkdir", "-p", _folder);
                await RunAsOwner("initdb", "-D", _folder, "-U", "sanbashi", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions");
                await Start();
            }

            var name = $"store{++_databases}";
            await Execute("postgres", $"CREATE DATABASE {name}");
            return $"postgres://sanbashi:a%20secret@127.0.0.1:{Port}/{name}?sslmode=disable";
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task Start()
    {
        await RunAsOwner("pg_ctl", "-D", _folder, "-w", "-l", Path.Combine(_folder, "log"), "-o", $"-p {Port} -h 127.0.0.1 -k {_folder}", "start");
        IsRunning = true;
    }

    /// <summary>Ends it as a crash would.</summary>
    public async Task Crash()
    {
        IsRunning = false;
        await RunAsOwner("pg_ctl", "-D", _folder, "-w", "-m", "immediate", "stop");
    }

    public async Task Execute(string database, string sql)
    {
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={Port};Username=sanbashi;Database={database};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await Crash();
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>PostgreSQL refuses to run as root; the package's own user runs it then.</summary>
    private async Task RunAsOwner(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs!, program);
        if (Environment.IsPrivilegedProcess)
        {
            await Run("chown", "postgres", _folder);
            await Run("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments]);
        }
        else
        {
            await Run(path, arguments);
        }
    }

    private static async Task Run(string program, params string[] arguments)
    {
        // Output goes nowhere: the server inherits it and would keep a pipe open.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", program, .. arguments]) { WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(Deadline.Token());
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        }
    }
}
