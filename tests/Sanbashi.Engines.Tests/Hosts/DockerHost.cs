namespace Sanbashi.Engines.Tests.Hosts;

public sealed class DockerHost : EngineHost
{
    public override bool IsPodman => false;

    protected override async ValueTask Find()
    {
        var address = DockerEngineDefaults.Socket;
        if (address.StartsWith("unix://", StringComparison.Ordinal) && await Answers(address["unix://".Length..]))
        {
            Socket = address;
        }
        else
        {
            Absence = $"no Docker Engine answers at {address} (DOCKER_HOST names another)";
        }
    }
}
