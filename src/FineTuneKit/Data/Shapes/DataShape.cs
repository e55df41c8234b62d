namespace FineTuneKit.Data;

/// <summary>The shapes in which rows come, by the keys of their objects.</summary>
public enum DataShape
{
    /// <summary><c>messages</c>, with <c>tools</c>: OpenAI, TRL, mlx-lm.</summary>
    Messages,

    /// <summary><c>prompt</c> and <c>completion</c>, each a text or messages: TRL, mlx-lm.</summary>
    PromptCompletion,

    /// <summary><c>prompt</c> and <c>answer</c>.</summary>
    PromptAnswer,

    /// <summary><c>instruction</c>, <c>input</c>, <c>output</c>, with <c>system</c> and <c>history</c>.</summary>
    Alpaca,

    /// <summary><c>conversations</c> of <c>from</c> and <c>value</c>, with <c>system</c> and <c>tools</c>.</summary>
    ShareGpt,

    /// <summary><c>question</c>, <c>context</c>, <c>answer</c>.</summary>
    QuestionAnswer,

    /// <summary><c>text</c> and <c>label</c>.</summary>
    Classification,

    /// <summary><c>text</c> alone: TRL, mlx-lm.</summary>
    Text,

    /// <summary><c>prompt</c>, <c>chosen</c>, <c>rejected</c>, each a text or messages: TRL.</summary>
    Preference,

    /// <summary><c>input</c>, <c>preferred_output</c>, <c>non_preferred_output</c>: OpenAI.</summary>
    OpenAiPreference,

    /// <summary>ShareGPT's <c>conversations</c> with <c>chosen</c> and <c>rejected</c>.</summary>
    ShareGptPreference,

    /// <summary><c>prompt</c>, <c>completion</c> and a <c>label</c> that is true or false: TRL.</summary>
    Unpaired,

    /// <summary>ShareGPT's <c>conversations</c> with <c>kto_tag</c>.</summary>
    ShareGptUnpaired,
}
