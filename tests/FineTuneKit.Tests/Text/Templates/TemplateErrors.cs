using System.Text.Json;
using FineTuneKit.Text.Templates;
using Xunit;

namespace FineTuneKit.Tests.Text.Templates;

/// <summary>Compares what the fixtures expect of a template with what it gave.</summary>
internal static class TemplateErrors
{
    private static readonly Dictionary<string, TemplateErrorKind> Kinds = new(StringComparer.Ordinal)
    {
        ["TemplateSyntaxError"] = TemplateErrorKind.Syntax,
        ["TemplateAssertionError"] = TemplateErrorKind.Assertion,
        ["SyntaxError"] = TemplateErrorKind.Placement,
        ["TemplateError"] = TemplateErrorKind.Raised,
        ["UndefinedError"] = TemplateErrorKind.Undefined,
        ["TypeError"] = TemplateErrorKind.Type,
        ["ValueError"] = TemplateErrorKind.Value,
        ["ZeroDivisionError"] = TemplateErrorKind.ZeroDivision,
        ["OverflowError"] = TemplateErrorKind.Overflow,
        ["SecurityError"] = TemplateErrorKind.Security,
        ["FilterArgumentError"] = TemplateErrorKind.FilterArgument,
        ["TemplateRuntimeError"] = TemplateErrorKind.Runtime,
        ["KeyError"] = TemplateErrorKind.Lookup,
        ["IndexError"] = TemplateErrorKind.Lookup,
    };

    public static void Check(JsonElement test, string message, TemplateException thrown)
    {
        // Names of Python's own code: the function that transformers made, a line of the program that Jinja wrote.
        message = message.Replace("_cached_compile_jinja_template.<locals>.", "", StringComparison.Ordinal);
        int generated = message.IndexOf(" (<template>, line ", StringComparison.Ordinal);
        if (generated >= 0) message = message[..generated];
        Assert.Equal((Kinds[test.GetProperty("error_kind").GetString()!], message), (thrown.Kind, thrown.Message));
        if (test.TryGetProperty("error_phase", out JsonElement phase)) Assert.Equal(phase.GetString() == "compile", thrown.IsAtCompileTime);
        if (test.TryGetProperty("line", out JsonElement line)) Assert.Equal(line.GetInt32(), thrown.Line);
    }

    public static void CheckSpans(JsonElement expected, RenderedTemplate rendered) => Assert.Equal(
        expected.EnumerateArray().Select(s => (s[0].GetInt32(), s[1].GetInt32())), rendered.Spans.Select(s => (s.Start, s.End)));
}
