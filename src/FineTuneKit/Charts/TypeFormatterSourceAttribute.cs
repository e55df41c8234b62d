namespace FineTuneKit.Charts;

/// <summary>
/// Names the class that makes a type's formatters for notebooks. .NET Interactive and the kit's runner find it by this
/// name and these properties, so the library references neither.
/// </summary>
/// <param name="formatterSourceType">A class with a constructor without parameters and a method <c>CreateTypeFormatters</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>The class that makes the formatters.</summary>
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>The media types that go out together, richest first.</summary>
    public string[] PreferredMimeTypes { get; set; } = [];
}
