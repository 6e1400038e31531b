using System.Text.Json.Serialization;

namespace Sanbashi.Domain.Identity;

/// <summary>How identities are kept as documents. Members may be added with defaults; renaming one needs a migration.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UserRecord))]
[JsonSerializable(typeof(GroupRecord))]
[JsonSerializable(typeof(RoleRecord))]
[JsonSerializable(typeof(ManagedPolicyRecord))]
[JsonSerializable(typeof(AccessKeyRecord))]
[JsonSerializable(typeof(SessionTicket))]
public sealed partial class IdentityJson : JsonSerializerContext;
