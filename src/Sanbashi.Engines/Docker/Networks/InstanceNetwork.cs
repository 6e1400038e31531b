using System.Net;
using Sanbashi.Domain.Networks;

namespace Sanbashi.Engines.Docker.Networks;

/// <summary>The network that holders are attached to.</summary>
/// <param name="Bridge">The name of its network interface on the engine's machine.</param>
/// <param name="Gateway">This machine, as instances see it.</param>
/// <param name="IsRoutable">Whether the platform reaches instances by their addresses.</param>
/// <param name="HasEndpoint">Whether instances reach the platform at <see cref="Domain.Workloads.PlatformVariables.EndpointAddress"/>.</param>
internal sealed record InstanceNetwork(string Name, string Bridge, Ipv4Block Subnet, IPAddress Gateway, bool IsRoutable, bool HasEndpoint);
