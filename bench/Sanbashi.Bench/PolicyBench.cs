using System.Diagnostics;
using System.Globalization;
using Sanbashi.Domain.Identity.Policies;

namespace Sanbashi.Bench;

/// <summary>One decision over twenty policies of five statements each, with variables and conditions; the last statement is the one that allows.</summary>
internal static class PolicyBench
{
    private const double TargetMicroseconds = 20;
    private const int Policies = 20;
    private const int Rounds = 50;

    public static int Run(int decisions)
    {
        Machine.WriteHeading("Policy evaluation", "bench/policies/run");
        var policies = new PolicySet { Identity = [.. Enumerable.Range(0, Policies).Select(Policy)] };
        var request = new PolicyRequest(
            new PolicyPrincipal(PrincipalKind.User, "000000000000", "arn:aws:iam::000000000000:user/bob"),
            "apprunner:DeleteService",
            "arn:aws:apprunner:local-1:000000000000:service/shop-19/0123456789abcdef",
            new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase)
            {
                ["aws:username"] = ["bob"],
                ["aws:SourceIp"] = ["127.0.0.1"],
                ["aws:ResourceTag/team"] = ["red"],
            });
        var samples = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var begun = Stopwatch.GetTimestamp();
            for (var decision = 0; decision < decisions; decision++)
            {
                if (!PolicyEvaluator.Decide(policies, request).IsAllowed)
                {
                    throw new InvalidOperationException("The benchmark's request was not allowed.");
                }
            }

            samples.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds / decisions);
        }

        var median = Statistics.Median(samples);
        Console.WriteLine("| policies | statements | decisions | median | slowest round | target |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {Policies} | {policies.Identity.Sum(policy => policy.Document.Statements.Count)} | {Rounds} x {decisions} | {median:0.0} us | {samples.Max():0.0} us | < {TargetMicroseconds:0} us: {(median < TargetMicroseconds ? "met" : "missed")} |"));
        return median < TargetMicroseconds ? 0 : 1;
    }

    private static NamedPolicy Policy(int number) => new(
        $"policy-{number}",
        PolicyParser.Parse(
            $$$"""
            {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": ["logs:Get*", "logs:Describe*"], "Resource": "*"},
                {"Effect": "Deny", "Action": "apprunner:*", "Resource": "arn:aws:apprunner:*:*:service/prod-{{{number}}}*/*"},
                {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": ["127.0.0.0/8", "10.0.0.0/8"]} } },
                {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::home/${aws:username}/*"},
                {"Effect": "Allow", "Action": "apprunner:*", "Resource": "arn:aws:apprunner:*:*:service/shop-{{{number}}}/*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "red"} } }
            ]}
            """,
            PolicyKind.Identity));
}
