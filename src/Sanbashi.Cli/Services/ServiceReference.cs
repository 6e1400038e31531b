using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;

namespace Sanbashi.Cli.Services;

/// <summary>A service as people name it: by its name, or by its ARN.</summary>
internal static class ServiceReference
{
    private const int PageSize = 20;
    private static readonly TimeSpan _completionTimeout = TimeSpan.FromSeconds(5);

    public static Argument<string> Argument()
    {
        var argument = new Argument<string>("NAME") { Description = "The service: its name or its ARN." };
        argument.CompletionSources.Add(Complete);
        return argument;
    }

    /// <summary>All services of the region, oldest first, as <c>ListServices</c> summarises them.</summary>
    public static async Task<IReadOnlyList<JsonObject>> List(PlatformApi api, CancellationToken cancellationToken)
    {
        var services = new List<JsonObject>();
        string? next = null;
        do
        {
            var input = new JsonObject { ["MaxResults"] = PageSize };
            if (next is not null)
            {
                input["NextToken"] = next;
            }

            var page = await api.AppRunner("ListServices", input, cancellationToken);
            services.AddRange(page["ServiceSummaryList"]!.AsArray().Select(service => service!.AsObject()));
            next = page["NextToken"]?.ToString();
        }
        while (!string.IsNullOrEmpty(next));
        return services;
    }

    /// <summary>The ARN of the named service.</summary>
    /// <exception cref="CliException">There is no such service; the message names those there are.</exception>
    public static async Task<string> Arn(PlatformConnection platform, string nameOrArn, CancellationToken cancellationToken)
    {
        if (nameOrArn.StartsWith("arn:", StringComparison.Ordinal))
        {
            return nameOrArn;
        }

        var services = (await List(platform.Api, cancellationToken)).Where(service => (string?)service["Status"] != "DELETED").ToList();
        if (services.LastOrDefault(service => (string?)service["ServiceName"] == nameOrArn) is { } found)
        {
            return (string)found["ServiceArn"]!;
        }

        var known = services.Count == 0 ? "There are no services there yet" : $"There are: {string.Join(", ", services.Select(service => (string?)service["ServiceName"]))}";
        throw new CliException(ExitCodes.NotFound, $"There is no service '{nameOrArn}' in region {platform.Region}. {known}.");
    }

    /// <summary>What <c>DescribeService</c> says of the named service.</summary>
    public static async Task<JsonObject> Describe(PlatformConnection platform, string nameOrArn, CancellationToken cancellationToken)
    {
        var arn = await Arn(platform, nameOrArn, cancellationToken);
        return await DescribeArn(platform.Api, arn, cancellationToken);
    }

    public static async Task<JsonObject> DescribeArn(PlatformApi api, string arn, CancellationToken cancellationToken) =>
        (await api.AppRunner("DescribeService", new JsonObject { ["ServiceArn"] = arn }, cancellationToken))["Service"]!.AsObject();

    private static IEnumerable<CompletionItem> Complete(CompletionContext context)
    {
        using var timeout = new CancellationTokenSource(_completionTimeout, TimeProvider.System);
        try
        {
            return CompleteAsync(context, timeout.Token).GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is CliException or OperationCanceledException or FormatException)
        {
            // A key press must not print errors: without an answer there is nothing to offer.
            return [];
        }
    }

    private static async Task<IEnumerable<CompletionItem>> CompleteAsync(CompletionContext context, CancellationToken cancellationToken)
    {
        await using var platform = await ConnectionFactory.Open(context.ParseResult, cancellationToken);
        var services = await List(platform.Api, cancellationToken);
        return services.Select(service => new CompletionItem((string)service["ServiceName"]!)).ToList();
    }
}
