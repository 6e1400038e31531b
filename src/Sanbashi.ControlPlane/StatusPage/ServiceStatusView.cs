using Sanbashi.ControlPlane.Metrics.Recording;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.StatusPage;

/// <param name="Operation">The one in progress; null when there is none.</param>
internal sealed record ServiceStatusView(ServiceRecord Service, OperationRecord? Operation, IReadOnlyList<ObservedInstance> Instances, LiveView Traffic);
