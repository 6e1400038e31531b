using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Services;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.InstanceEndpoint;

/// <summary>An instance that has shown who it is.</summary>
internal sealed record InstanceCaller(EngineInstance Instance, string Address, ServiceRecord Service, RevisionRecord Revision);
