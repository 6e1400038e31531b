namespace Sanbashi.ControlPlane.Services;

/// <summary>Ids are injected, so that simulations can be replayed.</summary>
public interface IIdGenerator
{
    /// <summary>32 lower-case hex digits.</summary>
    string NewId();
}
