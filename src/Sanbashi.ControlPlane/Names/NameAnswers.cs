using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sanbashi.ControlPlane.Names;

/// <summary>
/// Answers name queries of instances (RFC 1035) for the platform's own domain with one address; everything else is refused as SERVFAIL, upon which the
/// engine's resolver asks its next server. Pure.
/// </summary>
internal sealed class NameAnswers(string domain, IPAddress address)
{
    private const int HeaderLength = 12;
    private const ushort TypeA = 1;
    private const ushort ClassInternet = 1;
    private const byte ServerFailure = 2;

    /// <summary>Seconds. Short: the address is this machine's own and may move with the network.</summary>
    private const uint TimeToLive = 30;

    private readonly string _suffix = "." + domain.TrimEnd('.');

    /// <summary>The answer to a query; null for what is no query, which gets none.</summary>
    public byte[]? Answer(ReadOnlySpan<byte> query)
    {
        // One question, no response bit: everything a resolver sends.
        if (query.Length < HeaderLength + 5 || (query[2] & 0x80) != 0 || BinaryPrimitives.ReadUInt16BigEndian(query[4..]) != 1)
        {
            return null;
        }

        if (ReadName(query, out var name) is not { } end || query.Length < end + 4)
        {
            return null;
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(query[end..]);
        var isInternet = BinaryPrimitives.ReadUInt16BigEndian(query[(end + 2)..]) == ClassInternet;
        var isOurs = isInternet && (("." + name).EndsWith(_suffix, StringComparison.OrdinalIgnoreCase));
        var hasAddress = isOurs && type == TypeA && address.AddressFamily == AddressFamily.InterNetwork;
        return Write(query[..(end + 4)], isOurs ? (byte)0 : ServerFailure, hasAddress);
    }

    /// <summary>The index behind the name; null when it is malformed. Queries do not compress.</summary>
    private static int? ReadName(ReadOnlySpan<byte> query, out string name)
    {
        var text = new StringBuilder();
        var at = HeaderLength;
        name = "";
        while (at < query.Length && query[at] != 0)
        {
            var length = query[at];
            if (length > 63 || at + 1 + length >= query.Length || text.Length + length > 254)
            {
                return null;
            }

            text.Append(text.Length == 0 ? "" : ".").Append(Encoding.ASCII.GetString(query.Slice(at + 1, length)));
            at += 1 + length;
        }

        name = text.ToString();
        return at < query.Length ? at + 1 : null;
    }

    private byte[] Write(ReadOnlySpan<byte> question, byte code, bool hasAddress)
    {
        var answer = new byte[question.Length + (hasAddress ? 16 : 0)];
        question.CopyTo(answer);

        // Response, authoritative, recursion as desired by the asker and "available": stub resolvers distrust answers without.
        answer[2] = (byte)(0x84 | question[2] & 0x01);
        answer[3] = (byte)(0x80 | code);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(6), hasAddress ? (ushort)1 : (ushort)0);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(8), 0);
        if (hasAddress)
        {
            var record = answer.AsSpan(question.Length);
            BinaryPrimitives.WriteUInt16BigEndian(record, 0xC000 | HeaderLength);
            BinaryPrimitives.WriteUInt16BigEndian(record[2..], TypeA);
            BinaryPrimitives.WriteUInt16BigEndian(record[4..], ClassInternet);
            BinaryPrimitives.WriteUInt32BigEndian(record[6..], TimeToLive);
            BinaryPrimitives.WriteUInt16BigEndian(record[10..], 4);
            address.TryWriteBytes(record[12..], out _);
        }

        return answer;
    }
}
