namespace Sanbashi.Gateway.Certificates;

/// <summary>A certificate chain (leaf first) and its private key, both PEM.</summary>
public sealed record CertificateFiles(string CertificatePath, string KeyPath);
