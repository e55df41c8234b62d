using System.Diagnostics.CodeAnalysis;
using FineTuneKit.Notebooks.Display;

namespace FineTuneKit.Notebooks.Scripting;

/// <summary>What a cell can call without a prefix, by the names that C# notebooks know from .NET Interactive.</summary>
[SuppressMessage("Naming", "CA1716", Justification = "The names that notebooks use.")]
public static class Kernel
{
    /// <summary>Shows a value under the cell.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="mimeTypes">The media types wanted; none means all that fit.</param>
    /// <returns>What was shown, to update it.</returns>
    public static DisplayedValue display(object? value, params string[] mimeTypes) => KernelInvocationContext.Required.Display(value, mimeTypes);

    /// <summary>HTML, to be displayed or given as the cell's value.</summary>
    public static MimeBundle HTML(string content) => new(MimeBundle.Html, content);

    /// <summary>Runs a script in the front end, where that allows it.</summary>
    public static void Javascript(string content) => KernelInvocationContext.Required.Display(new MimeBundle(MimeBundle.JavaScript, content));

    /// <summary>Adds a style sheet to the page of the front end.</summary>
    public static void CSS(string content) => KernelInvocationContext.Required.Display(HTML($"<style>{content}</style>"));
}

/// <summary>Ways to show a value that read well behind it.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows the value under the cell.</summary>
    public static DisplayedValue Display(this object? value, params string[] mimeTypes) => Kernel.display(value, mimeTypes);

    /// <summary>Shows a text as what the media type says, such as <c>text/markdown</c>.</summary>
    public static DisplayedValue DisplayAs(this string value, string mimeType) => Kernel.display(new MimeBundle(mimeType, value));
}
