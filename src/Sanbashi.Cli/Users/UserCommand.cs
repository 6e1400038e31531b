using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Terminal;

namespace Sanbashi.Cli.Users;

/// <summary><c>sanbashi user</c>: the step away from the root key. Everything else about identities is a matter of <c>sanbashi aws iam</c>.</summary>
internal static class UserCommand
{
    private const string AdministratorAccess = "arn:aws:iam::aws:policy/AdministratorAccess";

    public static Command Create()
    {
        var command = new Command("user", "Makes users with keys of their own, so that nobody has to work with the root key.") { CreateUser() };
        return command;
    }

    private static Command CreateUser()
    {
        var name = new Argument<string>("NAME") { Description = "The user's name." };
        var admin = new Option<bool>("--admin") { Description = "The user may do everything (the policy AdministratorAccess)." };
        var policy = new Option<string[]>("--policy")
        {
            Description = "A managed policy to attach, by its ARN or the name of one of AWS's, for example AWSAppRunnerFullAccess. May be repeated.",
            HelpName = "ARN",
            DefaultValueFactory = _ => [],
        };
        var profile = new Option<string?>("--profile") { Description = "The profile to write the key to. Default: the user's name.", HelpName = "NAME" };
        var command = new Command("create", "Makes a user and a key, and writes the key to a profile of AWS's shared credentials file.") { name, admin, policy, profile };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var user = parsed.GetValue(name)!;
            var file = new ProfileFile(ProfileFile.DefaultPath, parsed.GetValue(profile) ?? user);
            file.DemandNew();
            IReadOnlyList<string> policies = [.. parsed.GetValue(admin) ? [AdministratorAccess] : Array.Empty<string>(), .. parsed.GetValue(policy)!.Select(Arn)];
            var (id, secret) = await new UserCreation(platform.Iam).Create(user, policies, cancellationToken);
            file.Write(id, secret);
            if (parsed.GetValue(GlobalOptions.Json))
            {
                Console.Out.WriteLine(new JsonObject { ["UserName"] = user, ["AccessKeyId"] = id, ["Profile"] = file.Profile, ["CredentialsFile"] = file.Path }.ToJsonString(JsonText.Options));
                return;
            }

            Console.Out.WriteLine($"User {user} has the key {id}, in profile {file.Profile} of {file.Path}.");
            Console.Out.WriteLine(policies.Count == 0
                ? $"It may do nothing yet: sanbashi aws iam attach-user-policy --user-name {user} --policy-arn ARN"
                : $"Use it: AWS_PROFILE={file.Profile} aws --endpoint-url {platform.Endpoint.GetLeftPart(UriPartial.Authority)} --region {platform.Region} apprunner list-services");
        });
        return command;
    }

    private static string Arn(string policy) => policy.StartsWith("arn:", StringComparison.Ordinal) ? policy : $"arn:aws:iam::aws:policy/{policy}";
}
