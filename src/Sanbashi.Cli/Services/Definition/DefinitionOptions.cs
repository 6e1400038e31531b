using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Sanbashi.Cli.Services.Definition;

/// <summary>The options that say what a service runs, shared by <c>create</c> and <c>update</c>.</summary>
internal sealed class DefinitionOptions
{
    public Option<string?> Image { get; } = new("--image")
    {
        Description = "The image to run: a local one (app:1), or one of any registry.",
        HelpName = "REFERENCE",
    };

    public Option<string?> Build { get; } = new("--build")
    {
        Description = "Build the image from this folder (its Dockerfile), with the platform's engine.",
        HelpName = "DIR",
    };

    public Option<string?> Dockerfile { get; } = new("--dockerfile")
    {
        Description = "With --build: the Dockerfile, relative to the folder. Default Dockerfile.",
        HelpName = "FILE",
    };

    public Option<int?> Port { get; } = new("--port")
    {
        Description = "The TCP port that the application listens on; it is also told by the variable PORT. Default: the image's EXPOSE, else 8080.",
        HelpName = "PORT",
    };

    public Option<string[]> Env { get; } = new("--env", "-e")
    {
        Description = "A variable for the application; may be repeated. A bare KEY takes its value from this shell.",
        HelpName = "KEY=VALUE",
    };

    public Option<string[]> EnvFile { get; } = new("--env-file")
    {
        Description = "A file with one KEY=VALUE a line; may be repeated. --env wins over it.",
        HelpName = "FILE",
    };

    public Option<string[]> Secret { get; } = new("--secret")
    {
        Description = "A variable whose value is a secret's, by name or ARN; with :KEY behind it one member of its JSON. ssm:NAME is a parameter's. May be repeated.",
        HelpName = "VARIABLE=SECRET",
    };

    public Option<string?> Cpu { get; } = new("--cpu")
    {
        Description = "CPU of an instance: 0.25, 0.5, 1, 2 or 4 vCPUs. Default 1.",
        HelpName = "VCPUS",
    };

    public Option<string?> Memory { get; } = new("--memory")
    {
        Description = "Memory of an instance: 512m, 1g, 2g, 3g, 4g, 6g, 8g, 10g or 12g. Default 2g.",
        HelpName = "SIZE",
    };

    public Option<string?> Command { get; } = new("--command")
    {
        Description = "Run this instead of the image's command. Split at blanks by a shell's quoting rules, run without a shell.",
        HelpName = "TEXT",
    };

    public Option<string?> HealthPath { get; } = new("--health-path")
    {
        Description = "Check health by GET on this path (200-399 is healthy). Default: whether the port accepts a connection.",
        HelpName = "PATH",
    };

    public Option<int?> HealthInterval { get; } = Seconds("--health-interval", "Between two health checks, 1-20 seconds. Default 5.");

    public Option<int?> HealthTimeout { get; } = Seconds("--health-timeout", "An answer later than this counts as none, 1-20 seconds. Default 2.");

    public Option<string?> AutoScaling { get; } = new("--auto-scaling")
    {
        Description = "The ARN of an auto scaling configuration. Default: the account's default configuration.",
        HelpName = "ARN",
    };

    public Option<string[]> Tag { get; } = new("--tag")
    {
        Description = "A tag of the service; may be repeated.",
        HelpName = "KEY=VALUE",
    };

    public Option<string[]> Setting { get; } = new("--setting")
    {
        Description = "A setting beyond what App Runner has, for example request-timeout=15m ('svc settings NAME' lists them); may be repeated.",
        HelpName = "NAME=VALUE",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Image, Build, Dockerfile, Port, Env, EnvFile, Secret, Cpu, Memory, Command, HealthPath, HealthInterval, HealthTimeout, AutoScaling, Tag, Setting])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The variables of all files and options, later ones over earlier ones.</summary>
    public IReadOnlyDictionary<string, string> Variables(ParseResult parsed)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in parsed.GetValue(EnvFile) ?? [])
        {
            foreach (var (key, value) in KeyValues.File(file, Environment.GetEnvironmentVariable))
            {
                variables[key] = value;
            }
        }

        foreach (var text in parsed.GetValue(Env) ?? [])
        {
            var (key, value) = KeyValues.Variable(text, "--env", Environment.GetEnvironmentVariable);
            variables[key] = value;
        }

        return variables;
    }

    /// <summary>Lays what was given over the members of a <c>CreateService</c> or <c>UpdateService</c> input.</summary>
    public void ApplyTo(JsonObject input, ParseResult parsed)
    {
        var size = new JsonObject();
        Set(size, "Cpu", parsed.GetValue(Cpu) is { } cpu ? Sizes.Cpu(cpu) : null);
        Set(size, "Memory", parsed.GetValue(Memory) is { } memory ? Sizes.Memory(memory) : null);
        Set(input, "InstanceConfiguration", size.Count > 0 ? size : null);

        var health = new JsonObject();
        if (parsed.GetValue(HealthPath) is { } path)
        {
            health["Protocol"] = "HTTP";
            health["Path"] = path;
        }

        Set(health, "Interval", parsed.GetValue(HealthInterval));
        Set(health, "Timeout", parsed.GetValue(HealthTimeout));
        Set(input, "HealthCheckConfiguration", health.Count > 0 ? health : null);
        Set(input, "AutoScalingConfigurationArn", parsed.GetValue(AutoScaling));
    }

    /// <summary>The members of <c>ImageConfiguration</c> that were given, but for the variables.</summary>
    public JsonObject ImageConfiguration(ParseResult parsed, int? port)
    {
        var configuration = new JsonObject();
        Set(configuration, "Port", (parsed.GetValue(Port) ?? port)?.ToString(CultureInfo.InvariantCulture));
        Set(configuration, "StartCommand", parsed.GetValue(Command));
        return configuration;
    }

    /// <summary>Private registry names of AWS are ECR; everything else goes by the other of the API's two words.</summary>
    public static string RepositoryType(string image) =>
        image.Contains(".dkr.ecr.", StringComparison.Ordinal) ? "ECR" : "ECR_PUBLIC";

    private static void Set(JsonObject target, string name, JsonNode? value)
    {
        if (value is not null)
        {
            target[name] = value;
        }
    }

    private static Option<int?> Seconds(string name, string description) => new(name) { Description = description, HelpName = "SECONDS" };
}
