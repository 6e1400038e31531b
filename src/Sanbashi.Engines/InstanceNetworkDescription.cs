using System.Net;

namespace Sanbashi.Engines;

/// <summary>The network that instances are attached to.</summary>
/// <param name="Name">The engine's name for it.</param>
/// <param name="Subnet">A CIDR block.</param>
/// <param name="Gateway">This machine as instances see it. Assigned to an interface here only if <paramref name="IsRoutable"/>, with Podman once an instance has run.</param>
/// <param name="IsRoutable">Whether instances are reached by their own addresses; else by published ports.</param>
public sealed record InstanceNetworkDescription(string Name, string Subnet, IPAddress Gateway, bool IsRoutable);
