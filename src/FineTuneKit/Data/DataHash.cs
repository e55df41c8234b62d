using System.Security.Cryptography;

namespace FineTuneKit.Data;

/// <summary>The identity of a data set, for the record of a run.</summary>
public static class DataHash
{
    /// <summary>
    /// SHA-256, in lower-case hexadecimal, of the rows in their order as the kit's own JSONL. File names, line numbers
    /// and the format they were read from do not change it.
    /// </summary>
    public static string Of(IEnumerable<Row> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Row row in rows)
        {
            hash.AppendData(RowJson.Line(row));
            hash.AppendData("\n"u8);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
