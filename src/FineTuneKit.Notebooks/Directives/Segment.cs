namespace FineTuneKit.Notebooks.Directives;

/// <summary>A part of a cell that is done in one go.</summary>
/// <param name="Line">Its first line in the cell, from 1.</param>
internal abstract record Segment(int Line);

/// <summary>C#; empty lines stand for the lines of the cell before it, so that line numbers are the cell's.</summary>
internal sealed record CodeSegment(int Line, string Code) : Segment(Line);

/// <summary><c>#!markdown</c>, <c>#!html</c>, <c>#!javascript</c>: text that is displayed.</summary>
internal sealed record MarkupSegment(int Line, string MimeType, string Text) : Segment(Line);

/// <summary><c>#!value --name N</c>: text that is kept under a name.</summary>
internal sealed record ValueSegment(int Line, string Name, string Text) : Segment(Line);

/// <summary><c>#!set --name N --value V</c>, and <c>#!share N --from K --as M</c>, which is another way to say it.</summary>
internal sealed record SetSegment(int Line, string Name, string Value) : Segment(Line);

/// <summary><c>#!import FILE</c>: the code of a file, or the code cells of a notebook, run here.</summary>
internal sealed record ImportSegment(int Line, string File) : Segment(Line);

/// <summary><c>#!time</c>: how long the rest of the cell takes.</summary>
internal sealed record TimeSegment(int Line) : Segment(Line);

/// <summary><c>#r "nuget:Name,Version"</c>.</summary>
internal sealed record PackageSegment(int Line, string Name, string? Version) : Segment(Line);

/// <summary><c>#i "nuget:SOURCE"</c>: a further source of packages.</summary>
internal sealed record PackageSourceSegment(int Line, string Source) : Segment(Line);

/// <summary><c>#!who</c> and <c>#!whos</c>: the variables, with their values.</summary>
internal sealed record VariablesSegment(int Line, bool WithValues) : Segment(Line);

/// <summary><c>#!about</c>, <c>#!lsmagic</c>: what the runner says of itself.</summary>
internal sealed record AboutSegment(int Line, bool Directives) : Segment(Line);
