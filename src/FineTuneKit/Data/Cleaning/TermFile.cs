using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary>Terms from a table with the columns <c>written</c> and <c>wanted</c>.</summary>
public static class TermFile
{
    /// <summary>Reads the terms of a CSV or TSV file.</summary>
    /// <exception cref="InputException">No such file, no term, or a missing column.</exception>
    public static IReadOnlyList<Term> Read(string path)
    {
        var terms = new List<Term>();
        using InputStream stream = InputStream.Open(path);
        foreach (RawRow row in DelimitedRows.Read(stream, path, FileFormats.OfName(path) == FileFormat.Tsv ? '\t' : ',', passOver: false))
        {
            if (row.Error is not null) throw row.Error;
            using JsonDocument json = JsonDocument.Parse(row.Json);
            var fields = new RowFields(json.RootElement, row.Origin);
            if (!fields.Has("written")) throw fields.Error($"found the columns {fields.Keys}; \"written\" and \"wanted\" are required");
            // A term that is to go has an empty cell.
            terms.Add(new Term(fields.Text("written"), fields.Optional("wanted") ?? ""));
        }
        return terms.Count > 0 ? terms : throw new InputException($"{path}: no term; at least one is required");
    }
}
