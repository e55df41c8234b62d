namespace FineTuneKit.Text.Templates;

/// <summary>The kinds of tokens of Jinja, without the operators, whose kind is <see cref="Operator"/>.</summary>
internal enum LexKind
{
    Data,
    VariableBegin,
    VariableEnd,
    BlockBegin,
    BlockEnd,
    Name,
    String,
    Integer,
    Float,
    Operator,
    End,
    Error,
}

/// <summary>A token: its text as written for names, numbers and operators; what it stands for, for data and strings.</summary>
internal readonly record struct LexToken(LexKind Kind, string Text, int Line)
{
    public bool IsName(string name) => Kind == LexKind.Name && Text == name;

    public bool IsOperator(string sign) => Kind == LexKind.Operator && Text == sign;

    /// <summary>The token as Jinja names it in its messages.</summary>
    public string Description => Kind is LexKind.Name or LexKind.Operator ? Text : Describe(Kind);

    public static string Describe(LexKind kind) => kind switch
    {
        LexKind.Data => "template data / text",
        LexKind.VariableBegin => "begin of print statement",
        LexKind.VariableEnd => "end of print statement",
        LexKind.BlockBegin => "begin of statement block",
        LexKind.BlockEnd => "end of statement block",
        LexKind.Name => "name",
        LexKind.String => "string",
        LexKind.Integer => "integer",
        LexKind.Float => "float",
        _ => "end of template",
    };
}
