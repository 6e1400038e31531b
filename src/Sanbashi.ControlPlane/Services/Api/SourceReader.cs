using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.ControlPlane.Services.Api;

/// <summary>Reads <c>SourceConfiguration</c>.</summary>
internal static class SourceReader
{
    private const string Ecr = "ECR";
    private const string EcrPublic = "ECR_PUBLIC";

    public static ImageSource Create(JsonObject source)
    {
        CheckKind(source);
        var repository = source.Object("ImageRepository")
            ?? throw ApiErrors.InvalidRequest("SourceConfiguration names no source: give SourceConfiguration.ImageRepository.");
        var image = new ImageSource
        {
            Identifier = repository.RequiredText("ImageIdentifier"),
            RepositoryType = repository.Text("ImageRepositoryType") ?? Ecr,
        };
        return WithConfiguration(image, repository.Object("ImageConfiguration"));
    }

    public static ImageSource Update(ImageSource current, JsonObject source)
    {
        CheckKind(source);
        if (source.Object("ImageRepository") is not { } repository)
        {
            return current;
        }

        var image = current with
        {
            Identifier = repository.Text("ImageIdentifier") ?? current.Identifier,
            RepositoryType = repository.Text("ImageRepositoryType") ?? current.RepositoryType,
        };
        return WithConfiguration(image, repository.Object("ImageConfiguration"));
    }

    /// <summary>The members that say how deployments come about.</summary>
    public static ServiceDefinition WithDeployments(ServiceDefinition definition, JsonObject? source)
    {
        var authentication = source?.Object("AuthenticationConfiguration");
        if (authentication?.Text("ConnectionArn") is not null)
        {
            throw ApiErrors.Unavailable(
                "Connections to source code providers (AuthenticationConfiguration.ConnectionArn)", "Deploy a container image; registries are read with this machine's Docker credentials.");
        }

        var merged = definition with
        {
            AutoDeploymentsEnabled = source?.Flag("AutoDeploymentsEnabled") ?? definition.AutoDeploymentsEnabled,
            AccessRoleArn = authentication?.Text("AccessRoleArn") ?? definition.AccessRoleArn,
        };
        if (merged.AutoDeploymentsEnabled && merged.Image.RepositoryType == EcrPublic)
        {
            throw ApiErrors.InvalidRequest(
                "SourceConfiguration.AutoDeploymentsEnabled: automatic deployments are unsupported for an image in an ECR Public repository. Set it to false and use StartDeployment.");
        }

        return merged;
    }

    private static void CheckKind(JsonObject source)
    {
        if (source.Object("CodeRepository") is null)
        {
            return;
        }

        throw source.Object("ImageRepository") is null
            ? ApiErrors.Unavailable("Services from source code (SourceConfiguration.CodeRepository)", "Build a container image and name it in SourceConfiguration.ImageRepository.")
            : ApiErrors.InvalidRequest("SourceConfiguration has both a CodeRepository and an ImageRepository. Give exactly one.");
    }

    private static ImageSource WithConfiguration(ImageSource image, JsonObject? configuration)
    {
        if (configuration is null)
        {
            return image;
        }

        var variables = configuration.TextMap("RuntimeEnvironmentVariables") ?? image.EnvironmentVariables;
        CheckVariables(variables);
        var secrets = configuration.TextMap("RuntimeEnvironmentSecrets") ?? image.EnvironmentSecrets;
        SecretVariables.Check(secrets, variables);
        return image with
        {
            Port = configuration.Text("Port") is { } port ? Port(port) : image.Port,
            StartCommand = configuration.Text("StartCommand") is { } command ? StartCommand(command) : image.StartCommand,
            EnvironmentVariables = variables,
            EnvironmentSecrets = secrets,
        };
    }

    private static int Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535
            ? port
            : throw ApiErrors.InvalidRequest($"ImageConfiguration.Port '{Excerpt.Of(text)}' is not a number from 1 to 65535.");

    /// <summary>Blanks alone take a command away again, which the members' merging has no other way to say.</summary>
    private static string? StartCommand(string text)
    {
        try
        {
            return ShellWords.Split(text).Count == 0 ? null : text;
        }
        catch (FormatException problem)
        {
            throw ApiErrors.InvalidRequest($"ImageConfiguration.StartCommand cannot be split into arguments: {problem.Message}. It is split by shell quoting rules and run without a shell; write sh -c '...' for one.");
        }
    }

    private static void CheckVariables(IReadOnlyDictionary<string, string> variables)
    {
        foreach (var (name, value) in variables)
        {
            if (name == "PORT")
            {
                throw ApiErrors.InvalidRequest("RuntimeEnvironmentVariables: PORT is reserved. It is set for the application from ImageConfiguration.Port; change that instead.");
            }

            // Neither can be in the environment of a process (POSIX, environ).
            if (name.AsSpan().ContainsAny('=', '\0') || value.Contains('\0'))
            {
                throw ApiErrors.InvalidRequest($"RuntimeEnvironmentVariables: the name of a variable cannot have '=' or NUL, and its value no NUL. Found in '{Excerpt.Of(name)}'.");
            }
        }
    }
}
