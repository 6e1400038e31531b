using Sanbashi.ControlPlane.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Parameters.Api;

/// <summary>The part of Systems Manager that keeps parameters.</summary>
internal static class ParametersApi
{
    public static ApiService Create(ParameterDocuments documents, ParameterLookup lookup, ParameterVault vault, IIdGenerator ids, TimeProvider time)
    {
        var reading = new ParameterReading(documents, lookup, vault);
        var deletion = new ParameterDeletion(documents, lookup);
        var labels = new ParameterLabels(documents, lookup);
        var tags = new ParameterTags(documents, lookup);
        return new ApiService(ServiceModel.LoadEmbedded("ssm"))
            .Handle("PutParameter", new ParameterPut(documents, vault, ids, time).Put)
            .Handle("GetParameter", reading.Get)
            .Handle("GetParameters", reading.GetSeveral)
            .Handle("GetParametersByPath", reading.GetByPath)
            .Handle("GetParameterHistory", reading.GetHistory)
            .Handle("DescribeParameters", new ParameterList(documents).Describe)
            .Handle("DeleteParameter", deletion.Delete)
            .Handle("DeleteParameters", deletion.DeleteSeveral)
            .Handle("LabelParameterVersion", labels.Label)
            .Handle("UnlabelParameterVersion", labels.Unlabel)
            .Handle("AddTagsToResource", tags.Add)
            .Handle("RemoveTagsFromResource", tags.Remove)
            .Handle("ListTagsForResource", tags.List);
    }
}
