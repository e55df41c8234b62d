using System.Security.Cryptography;

namespace FineTuneKit.Data;

/// <summary>The identity of a row by its content: file and line do not change it.</summary>
public static class RowIdentity
{
    /// <summary>The first 32 hexadecimal digits of the SHA-256 of the row as the kit's own JSON.</summary>
    public static string Of(Row row) => Convert.ToHexStringLower(SHA256.HashData(RowJson.Line(row)))[..32];
}
