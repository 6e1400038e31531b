using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Identity;

namespace Sanbashi.ControlPlane.Secrets;

/// <summary>Something that secret variables of services can refer to.</summary>
internal interface IVariableSource
{
    /// <summary>What reading from it is called in policies and messages.</summary>
    string Action { get; }

    /// <summary>Whether a text is a reference to it.</summary>
    bool Takes(string reference);

    /// <summary>What reading a reference is about, as policies know it, and the condition keys of that.</summary>
    (string Resource, IReadOnlyDictionary<string, string> Details) About(ResourceScope scope, string reference);

    /// <summary>The exact version that a reference means now. Its value is not looked at.</summary>
    /// <exception cref="UnreadableVariableException">There is none.</exception>
    Task<PinnedSecret> Pin(ResourceScope scope, string reference, CancellationToken cancellationToken);

    /// <exception cref="UnreadableVariableException">It can't be read (any more), or no variable can have it.</exception>
    Task<string> Read(ResourceScope scope, PinnedSecret pin, CancellationToken cancellationToken);
}
