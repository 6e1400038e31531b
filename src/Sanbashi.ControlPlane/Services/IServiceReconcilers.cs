namespace Sanbashi.ControlPlane.Services;

/// <summary>How API handlers wake the reconciler of a service after they have written what is wanted.</summary>
public interface IServiceReconcilers
{
    void Signal(string serviceId);
}
