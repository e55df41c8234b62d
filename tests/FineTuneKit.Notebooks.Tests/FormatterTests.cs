using FineTuneKit.Notebooks.Display;
using Xunit;

namespace FineTuneKit.Notebooks.Tests;

/// <summary>How values are shown.</summary>
public sealed class FormatterTests
{
    [Fact]
    public void FormattersAreFoundByTheConvention()
    {
        MimeBundle bundle = Formatter.Format(new Own());
        Assert.Equal(["text/html", "text/plain"], bundle.Entries.Select(e => e.Key));
        Assert.Equal(["<i>own</i>", "own"], bundle.Entries.Select(e => e.Value));
        Assert.Equal("<i>own</i>", Formatter.Format(new Derived()).Entries[0].Value);
    }

    [Fact]
    public void RegisteredFormattersComeFirst()
    {
        Formatter.Register<Registered>(r => $"registered {r.N}");
        Assert.Equal("registered 3", Formatter.Format(new Registered(3)).PlainText);
    }

    [Fact]
    public void AskedForMediaTypesAreGiven() => Assert.Equal(["text/plain"], Formatter.Format(new Own(), "text/plain").Entries.Select(e => e.Key));

    [Fact]
    public void DictionariesAndNestedListsAreWritten()
    {
        Assert.Contains("<td style=\"text-align:left\">a</td>", Formatter.Format(new Dictionary<string, int> { ["a"] = 1 }).Entries[0].Value);
        Assert.Equal("[ [ 1, 2 ], [ ] ]", Formatter.Format(new[] { new[] { 1, 2 }, [] }).PlainText);
        Assert.EndsWith("... (5 more) ]", Formatter.Format(Enumerable.Range(0, 25).ToArray()).PlainText);
    }

    private sealed record Registered(int N);

    [TypeFormatterSource(typeof(Source), PreferredMimeTypes = ["text/html", "text/plain"])]
    private class Own;

    private sealed class Derived : Own;

    public sealed class Source
    {
        public IEnumerable<object> CreateTypeFormatters() => [new Writer("text/plain", "own"), new Writer("text/html", "<i>own</i>")];
    }

    private sealed class Writer(string mimeType, string text)
    {
        public string MimeType { get; } = mimeType;

        public bool Format(object instance, TextWriter writer)
        {
            writer.Write(text);
            return instance is Own;
        }
    }

    [AttributeUsage(AttributeTargets.Class)]
    private sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
    {
        public Type FormatterSourceType { get; } = formatterSourceType;

        public string[]? PreferredMimeTypes { get; set; }
    }
}
