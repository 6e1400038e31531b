using System.Globalization;
using System.Text.Json.Nodes;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>Users of the API: each has one service and does with it what comes to their mind.</summary>
internal sealed class Script(World world)
{
    private readonly List<string> _scalingArns = [];
    private int _version;

    public TimeSpan End { get; } = world.Between(60_000, 600_000);

    public void Begin()
    {
        foreach (var size in world.Chance(0.5) ? new[] { 2, 3 } : [])
        {
            Call(TimeSpan.FromMilliseconds(500), () => new ScriptedCall(
                "CreateAutoScalingConfiguration",
                $"of {size}",
                new JsonObject { ["AutoScalingConfigurationName"] = $"at-least-{size}", ["MinSize"] = size, ["MaxSize"] = 5, ["MaxConcurrency"] = world.Number(1, 10) },
                answer => _scalingArns.Add(answer["AutoScalingConfiguration"]!["AutoScalingConfigurationArn"]!.GetValue<string>())));
        }

        var users = world.Pick([1, 1, 1, 2, 3]);
        for (var i = 0; i < users; i++)
        {
            new User(this, world, $"app{i}").Begin();
        }
    }

    private void Call(TimeSpan delay, Func<ScriptedCall?> next) => world.Later(delay, () =>
    {
        // Clients try again while nobody answers.
        if (world.ControlPlane is not { IsReady: true } controlPlane)
        {
            Call(TimeSpan.FromMilliseconds(500), next);
        }
        else if (next() is { } call)
        {
            controlPlane.Call(call);
        }
    });

    private sealed class User(Script script, World world, string name)
    {
        private string? _arn;

        public void Begin() => script.Call(world.Between(600, 3000), () =>
        {
            ComeBack();
            return Create();
        });

        private void ComeBack() => script.Call(world.Chance(0.4) ? world.Between(5, 2000) : world.Between(1_000, 90_000), () =>
        {
            if (world.Now > script.End)
            {
                return null;
            }

            ComeBack();
            return _arn is null ? Create() : Next(_arn);
        });

        private ScriptedCall Next(string arn)
        {
            var named = new JsonObject { ["ServiceArn"] = arn };
            switch (world.Number(1, 26))
            {
                case <= 6:
                    named["SourceConfiguration"] = Source();
                    if (world.Chance(0.3))
                    {
                        named["HealthCheckConfiguration"] = HealthCheck();
                    }

                    if (world.Chance(0.3) && script._scalingArns.Count > 0)
                    {
                        named["AutoScalingConfigurationArn"] = world.Pick(script._scalingArns);
                    }

                    return new ScriptedCall("UpdateService", name, named);
                case <= 9:
                    return new ScriptedCall("StartDeployment", name, named);
                case <= 12:
                    return new ScriptedCall("RollbackService", name, named);
                case <= 14:
                    return new ScriptedCall("CancelOperation", name, named);
                case <= 16:
                    return new ScriptedCall("PauseService", name, named);
                case <= 19:
                    return new ScriptedCall("ResumeService", name, named);
                case <= 21:
                    return new ScriptedCall("TagResource", name, new JsonObject
                    {
                        ["ResourceArn"] = arn,
                        ["Tags"] = new JsonArray(world.Chance(0.7) ? Tag("stop-timeout", 1, 30) : Tag("drain-timeout", 1, 40)),
                    });
                case <= 24:
                    return new ScriptedCall("PromoteService", name, named);
                case 25:
                    return new ScriptedCall("TagResource", name, new JsonObject { ["ResourceArn"] = arn, ["Tags"] = new JsonArray(Share()) });
                default:
                    return new ScriptedCall("DeleteService", name, named, _ => _arn = null);
            }
        }

        private ScriptedCall Create()
        {
            var input = new JsonObject
            {
                ["ServiceName"] = name,
                ["SourceConfiguration"] = Source(),
                ["HealthCheckConfiguration"] = HealthCheck(),
                ["Tags"] = new JsonArray(Tag("drain-timeout", 1, 40), Tag("stop-timeout", 1, 30), Tag("start-timeout", 60, 300), Tag("idle-period", 1, 15), Tag("scale-in-after", 1, 60)),
            };
            foreach (var setting in new[] { ("min-size", "0"), ("min-size", "1"), ("prepared", "2"), ("standby", "2"), ("idle", "active") }.Where(_ => world.Chance(0.15)).DistinctBy(setting => setting.Item1))
            {
                input["Tags"]!.AsArray().Add(new JsonObject { ["Key"] = $"sanbashi:{setting.Item1}", ["Value"] = setting.Item2 });
            }

            if (world.Chance(0.5))
            {
                input["Tags"]!.AsArray().Add(Share());
            }

            if (world.Chance(0.4) && script._scalingArns.Count > 0)
            {
                input["AutoScalingConfigurationArn"] = world.Pick(script._scalingArns);
            }

            return new ScriptedCall("CreateService", name, input, answer => _arn = answer["Service"]!["ServiceArn"]!.GetValue<string>());
        }

        private JsonObject Tag(string setting, int minimum, int maximum) => new()
        {
            ["Key"] = $"sanbashi:{setting}",
            ["Value"] = string.Create(CultureInfo.InvariantCulture, $"{world.Number(minimum, maximum)}s"),
        };

        private JsonObject Share() => new() { ["Key"] = "sanbashi:traffic", ["Value"] = $"new={world.Pick([0, 10, 10, 50, 50, 90, 100])}%" };

        private JsonObject Source()
        {
            var kind = world.Chance(0.7) ? world.Pick(Images.Working) : world.Pick(Images.All);
            return new JsonObject
            {
                ["ImageRepository"] = new JsonObject { ["ImageIdentifier"] = Images.Reference(kind, ++script._version), ["ImageRepositoryType"] = "ECR" },
            };
        }

        private JsonObject HealthCheck() => new()
        {
            ["Protocol"] = world.Chance(0.5) ? "HTTP" : "TCP",
            ["Interval"] = world.Chance(0.3) ? world.Number(1, 5) : world.Number(5, 20),
            ["Timeout"] = world.Number(1, 5),
            ["HealthyThreshold"] = world.Number(1, 3),
            ["UnhealthyThreshold"] = world.Number(2, 5),
        };
    }
}
