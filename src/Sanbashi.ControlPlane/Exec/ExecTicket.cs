using Sanbashi.Domain.Services;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Exec;

/// <summary>What a caller of ExecuteCommand may run once.</summary>
internal sealed record ExecTicket(string SessionId, ServiceRecord Service, string InstanceId, string ContainerName, ExecOptions Options, DateTimeOffset ExpiresAt);
