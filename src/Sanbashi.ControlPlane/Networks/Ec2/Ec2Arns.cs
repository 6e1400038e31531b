using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Ec2;

internal static class Ec2Arns
{
    public static string Of(ApiCall call, string resourceType, string id) => $"arn:aws:ec2:{call.Region}:{call.Account}:{resourceType}/{id}";
}
