using System.Collections.Frozen;
using Sanbashi.Domain.Identity;

namespace Sanbashi.ControlPlane.Identity;

/// <summary>AWS's managed policies that definitions for App Runner name. Their texts allow what AWS's allow of the services that are served here.</summary>
internal static class ManagedPolicies
{
    public const string Account = "aws";

    private static readonly DateTimeOffset _made = new(2021, 5, 18, 0, 0, 0, TimeSpan.Zero);

    private static readonly FrozenDictionary<string, ManagedPolicyRecord> _policies = ((ManagedPolicyRecord[])
    [
        Of("AdministratorAccess", "/", "*"),
        Make("PowerUserAccess", "/", """{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"},{"Effect":"Allow","Action":["iam:CreateServiceLinkedRole","iam:DeleteServiceLinkedRole","iam:ListRoles"],"Resource":"*"}"""),
        Of("ReadOnlyAccess", "/", "apprunner:List*", "apprunner:Describe*", "logs:Get*", "logs:Describe*", "logs:List*", "logs:FilterLogEvents", "iam:Get*", "iam:List*", "sts:GetAccessKeyInfo", "secretsmanager:List*", "secretsmanager:Describe*", "secretsmanager:GetResourcePolicy", "ssm:Describe*", "ssm:Get*", "ssm:List*", "cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*", "ecr:Describe*", "ecr:Get*", "ecr:List*", "ec2:Describe*", "rds:Describe*", "rds:ListTagsForResource"),
        Of("IAMFullAccess", "/", "iam:*"),
        Of("IAMReadOnlyAccess", "/", "iam:Get*", "iam:List*", "iam:Simulate*", "iam:Generate*"),
        Make("AWSAppRunnerFullAccess", "/", """
            {"Effect":"Allow","Action":"iam:CreateServiceLinkedRole","Resource":["arn:aws:iam::*:role/aws-service-role/apprunner.amazonaws.com/AWSServiceRoleForAppRunner","arn:aws:iam::*:role/aws-service-role/networking.apprunner.amazonaws.com/AWSServiceRoleForAppRunnerNetworking"],"Condition":{"StringLike":{"iam:AWSServiceName":["apprunner.amazonaws.com","networking.apprunner.amazonaws.com"]}}},
            {"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringLike":{"iam:PassedToService":"apprunner.amazonaws.com"}}},
            {"Sid":"AppRunnerAdminAccess","Effect":"Allow","Action":"apprunner:*","Resource":"*"}
            """),
        Of("AWSAppRunnerReadOnlyAccess", "/", "apprunner:List*", "apprunner:Describe*"),
        Of("AWSAppRunnerServicePolicyForECRAccess", "/service-role/", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetAuthorizationToken"),
        Of("AppRunnerServiceRolePolicy", "/aws-service-role/", "logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams", "events:PutRule", "events:PutTargets", "events:DeleteRule", "events:RemoveTargets", "events:DescribeRule", "events:EnableRule", "events:DisableRule"),
        Of("AppRunnerNetworkingServiceRolePolicy", "/aws-service-role/", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs", "ec2:DescribeDhcpOptions", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:CreateTags"),
        Of("SecretsManagerReadWrite", "/", "secretsmanager:*"),
        Of("AmazonSSMFullAccess", "/", "ssm:*"),
        Of("AmazonSSMReadOnlyAccess", "/", "ssm:Describe*", "ssm:Get*", "ssm:List*"),
        Of("CloudWatchFullAccess", "/", "cloudwatch:*", "logs:*"),
        Of("CloudWatchReadOnlyAccess", "/", "cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*", "logs:Get*", "logs:List*", "logs:Describe*", "logs:FilterLogEvents"),
        Of("CloudWatchLogsFullAccess", "/", "logs:*"),
        Of("CloudWatchLogsReadOnlyAccess", "/", "logs:Describe*", "logs:Get*", "logs:List*", "logs:FilterLogEvents"),
        Of("AmazonEC2ContainerRegistryReadOnly", "/", "ecr:Get*", "ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability", "ecr:Describe*", "ecr:List*"),
        Of("AmazonS3ReadOnlyAccess", "/", "s3:Get*", "s3:List*", "s3:Describe*"),
        Of("AmazonS3FullAccess", "/", "s3:*"),
        Of("AmazonDynamoDBFullAccess", "/", "dynamodb:*"),
        Of("AmazonRDSFullAccess", "/", "rds:*"),
        Of("AmazonSQSFullAccess", "/", "sqs:*"),
        Of("AmazonSNSFullAccess", "/", "sns:*"),
        Of("AWSXRayDaemonWriteAccess", "/", "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:GetSamplingStatisticSummaries"),
    ]).ToFrozenDictionary(policy => policy.Arn(Account), StringComparer.Ordinal);

    public static IEnumerable<ManagedPolicyRecord> All => _policies.Values;

    public static ManagedPolicyRecord? Find(string arn) => _policies.GetValueOrDefault(arn);

    public static bool IsOne(ManagedPolicyRecord policy) => Find(policy.Arn(Account)) == policy;

    private static ManagedPolicyRecord Of(string name, string path, params string[] actions) =>
        Make(name, path, $$"""{"Effect":"Allow","Action":["{{string.Join("\",\"", actions)}}"],"Resource":"*"}""");

    private static ManagedPolicyRecord Make(string name, string path, string statements) => new()
    {
        Name = name,
        Id = "ANPA" + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)))[..17],
        Path = path,
        CreatedAt = _made,
        UpdatedAt = _made,
        DefaultVersion = 1,
        LastVersion = 1,
        Versions = [new PolicyVersionRecord(1, $$"""{"Version":"2012-10-17","Statement":[{{statements}}]}""", _made)],
    };
}
