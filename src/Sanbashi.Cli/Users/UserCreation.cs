using System.Xml.Linq;
using Sanbashi.Cli.Contexts;
using Sanbashi.Wire;

namespace Sanbashi.Cli.Users;

/// <summary>Makes a user step by step; the key comes last, so that what failed half-way can do nothing.</summary>
internal sealed class UserCreation(IamApi iam)
{
    public async Task<(string KeyId, string Secret)> Create(string name, IReadOnlyList<string> policies, CancellationToken cancellationToken)
    {
        await iam.Call("CreateUser", [new("UserName", name)], cancellationToken);
        XElement key;
        try
        {
            foreach (var arn in policies)
            {
                await iam.Call("AttachUserPolicy", [new("UserName", name), new("PolicyArn", arn)], cancellationToken);
            }

            key = await iam.Call("CreateAccessKey", [new("UserName", name)], cancellationToken);
        }
        catch (CliException failure)
        {
            throw new CliException(failure.ExitCode, $"User {name} was made, but without a key. {failure.Message} Remove it before you try again: sanbashi aws iam delete-user --user-name {name}", failure);
        }

        return (AwsQueryClient.Find(key, "AccessKeyId")!, AwsQueryClient.Find(key, "SecretAccessKey")!);
    }
}
