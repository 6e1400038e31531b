namespace Sanbashi.Engines.Docker.Networks;

/// <summary>
/// Whether packets that a bridge carries from port to port pass the filter for routed ones, which alone knows connections. Engines that keep containers of a network apart set
/// it too.
/// </summary>
internal static class BridgeNetfilter
{
    private const string Setting = "/proc/sys/net/bridge/bridge-nf-call-iptables";

    /// <exception cref="EngineException">It cannot be switched on.</exception>
    public static void Ensure()
    {
        try
        {
            if (File.ReadAllText(Setting).Trim() != "1")
            {
                File.WriteAllText(Setting, "1");
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                EngineFailure.Refused,
                $"VPCs are not available: the kernel does not show bridged packets to the packet filter ({Setting}: {failure.Message}). Load the module br_netfilter.",
                failure);
        }
    }
}
