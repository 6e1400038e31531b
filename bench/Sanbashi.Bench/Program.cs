using Sanbashi.Bench;
using Sanbashi.Bench.Scaling;
using Sanbashi.Bench.Soak;

return args switch
{
    ["deployment", .. var rest] => await DeploymentBench.Run(Number(rest, 9)),
    ["memory", .. var rest] => await MemoryBench.Run(Number(rest, 200)),
    ["api", .. var rest] => await ApiBench.Run(Number(rest, 2000)),
    ["secrets", .. var rest] => await SecretsBench.Run(Number(rest, 5_000)),
    ["policies", .. var rest] => PolicyBench.Run(Number(rest, 10_000)),
    ["soak", .. var rest] => await SoakBench.Run(Number(rest, 60), rest is [_, var plots, ..] ? plots : null),
    ["waking", .. var rest] => await ScalingBench.Run(Number(rest, 5), rest is [_, var plots, ..] ? plots : null),
    _ => Usage(),
};

static int Number(string[] arguments, int fallback) => arguments is [var first, ..] ? int.Parse(first, System.Globalization.CultureInfo.InvariantCulture) : fallback;

static int Usage()
{
    Console.Error.WriteLine("Usage: deployment [ROUNDS] | memory [SERVICES] | api [CALLS] | policies [DECISIONS] | secrets [CALLS] | soak [MINUTES] [FOLDER_FOR_PLOTS] | waking [ROUNDS] [FOLDER_FOR_PLOTS]");
    return 2;
}
