namespace Sanbashi.Wire;

/// <summary>The types of botocore's shapes.</summary>
public enum ShapeKind
{
    Structure,
    List,
    Map,
    String,
    Character,
    Integer,
    Long,
    Float,
    Double,
    Boolean,
    Timestamp,
    Blob,
}
