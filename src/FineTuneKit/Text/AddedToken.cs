using System.Text.Json;

namespace FineTuneKit.Text;

/// <summary>A token that is found in the text before the model sees it.</summary>
/// <param name="Content">The text it stands for.</param>
/// <param name="SingleWord">Only where no letter or digit touches it.</param>
/// <param name="LeftStrip">Takes the blanks before it.</param>
/// <param name="RightStrip">Takes the blanks after it.</param>
/// <param name="Normalized">Is sought in the normalised text, in its own normalised form.</param>
/// <param name="Special">A control token: left out when text is decoded for people.</param>
public sealed record AddedToken(string Content, bool SingleWord, bool LeftStrip, bool RightStrip, bool Normalized, bool Special)
{
    /// <summary>The id that it must have; null for that of the vocabulary, else the next that is free.</summary>
    public int? Id { get; init; }

    internal static AddedToken Read(JsonElement json) => new(
        json.RequiredText("content"), json.Flag("single_word", false), json.Flag("lstrip", false), json.Flag("rstrip", false),
        json.Flag("normalized", false), json.Flag("special", false));
}
