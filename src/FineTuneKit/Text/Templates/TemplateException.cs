namespace FineTuneKit.Text.Templates;

/// <summary>What is wrong with a template or with what it was given; named after the exceptions of Jinja and Python.</summary>
public enum TemplateErrorKind
{
    /// <summary>The text is no template (TemplateSyntaxError).</summary>
    Syntax,

    /// <summary>A filter or test that does not exist (TemplateAssertionError).</summary>
    Assertion,

    /// <summary>A tag at a place where it cannot stand, such as <c>break</c> outside a loop (SyntaxError).</summary>
    Placement,

    /// <summary>The template itself refused its input with <c>raise_exception</c> (TemplateError).</summary>
    Raised,

    /// <summary>Use of a value that is not defined (UndefinedError).</summary>
    Undefined,

    /// <summary>An operation on a value of the wrong type (TypeError).</summary>
    Type,

    /// <summary>A value that an operation cannot take (ValueError).</summary>
    Value,

    /// <summary>Division by zero (ZeroDivisionError).</summary>
    ZeroDivision,

    /// <summary>A number or range too large (OverflowError).</summary>
    Overflow,

    /// <summary>Forbidden in the sandbox (SecurityError).</summary>
    Security,

    /// <summary>Wrong arguments of a filter (FilterArgumentError).</summary>
    FilterArgument,

    /// <summary>Another error while rendering (TemplateRuntimeError).</summary>
    Runtime,

    /// <summary>A key or index that a format string asks for and does not get (KeyError, IndexError).</summary>
    Lookup,

    /// <summary>Too many steps, too deep, or too much output: <see cref="TemplateLimits"/>.</summary>
    Limit,
}

/// <summary>A template that cannot be read or rendered.</summary>
public sealed class TemplateException : Exception
{
    internal TemplateException(TemplateErrorKind kind, string message, int line = 0) : base(message) => (Kind, Line) = (kind, line);

    /// <summary>What kind of error it is.</summary>
    public TemplateErrorKind Kind { get; }

    /// <summary>The line of the template, from 1; 0 where it is not known.</summary>
    public int Line { get; internal set; }

    /// <summary>Whether the template was being read, not rendered.</summary>
    public bool IsAtCompileTime => Kind is TemplateErrorKind.Syntax or TemplateErrorKind.Assertion or TemplateErrorKind.Placement;

    internal static TemplateException OfType(string message) => new(TemplateErrorKind.Type, message);

    internal static TemplateException OfValue(string message) => new(TemplateErrorKind.Value, message);
}
