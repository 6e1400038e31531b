using Sanbashi.ControlPlane.Identity.Authorization;
using Sanbashi.ControlPlane.Identity.Iam;
using Sanbashi.ControlPlane.Identity.Roles;
using Sanbashi.ControlPlane.Identity.Sts;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity;

/// <summary>Who may sign, who may do what, and the services that change it.</summary>
public sealed class IdentityCapability : IDisposable
{
    private readonly IdentityDirectory _directory;
    private readonly CallAuthorizer _authorizer;

    private IdentityCapability(ServiceDocuments documents, ApiCredential root, byte[] identityKey, TimeProvider timeProvider, Func<string, bool> isInstanceGone)
    {
        _directory = new IdentityDirectory(documents.Store, root.Account);
        var sessions = new SessionTokens(identityKey, root.Account, timeProvider);
        var keySecrets = new Seal(identityKey, "access-key");
        var callers = new Callers(root, _directory, sessions, isInstanceGone);
        _authorizer = new CallAuthorizer(_directory, callers, new ResourceDirectory(documents, timeProvider), timeProvider);
        Roles = new InstanceRoles(_directory, callers, _authorizer, sessions, timeProvider);
        InstanceTokens = new InstanceTokens(identityKey);
        Credentials = new IdentityCredentials(root, _directory, sessions, keySecrets);

        var answers = new IamAnswers(root.Account);
        var iam = new ApiService(ServiceModel.LoadEmbedded("iam"));
        new UserApi(_directory, callers, answers, timeProvider).Register(iam);
        new AccessKeyApi(_directory, callers, keySecrets, timeProvider).Register(iam);
        new GroupApi(_directory, answers, timeProvider).Register(iam);
        new RoleApi(_directory, answers, timeProvider).Register(iam);
        new ServiceLinkedRoles(_directory, answers, timeProvider).Register(iam);
        new BoundaryApi(_directory).Register(iam);
        new HolderPolicyApi(_directory).Register(iam);
        new ManagedPolicyApi(_directory, answers, timeProvider).Register(iam);
        new SimulationApi(_directory, callers).Register(iam);

        var sts = new ApiService(ServiceModel.LoadEmbedded("sts"));
        new StsApi(_directory, callers, sessions, timeProvider).Register(sts);
        Services = [iam, sts];
    }

    /// <summary>For the wire to serve.</summary>
    public IReadOnlyList<ApiService> Services { get; }

    public ICredentialStore Credentials { get; }

    public ICallAuthorizer Authorizer => _authorizer;

    /// <summary>What services' instances may be.</summary>
    internal InstanceRoles Roles { get; }

    internal InstanceTokens InstanceTokens { get; }

    /// <param name="isInstanceGone">Whether the instance with this id has certainly ended; null: nobody knows.</param>
    public static IdentityCapability Create(
        ServiceDocuments documents, ApiCredential root, byte[] identityKey, TimeProvider timeProvider, Func<string, bool>? isInstanceGone = null) =>
        new(documents, root, identityKey, timeProvider, isInstanceGone ?? (static _ => false));

    /// <summary>For doors that are no operations of a model.</summary>
    /// <exception cref="ApiException">The caller may not do this.</exception>
    public ValueTask Demand(VerifiedCaller caller, string action, CancellationToken cancellationToken) => _authorizer.Demand(caller, action, cancellationToken);

    public void Dispose() => _directory.Dispose();
}
