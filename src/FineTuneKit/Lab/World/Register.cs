using System.Text;

namespace FineTuneKit.Lab.World;

/// <summary>How a writer speaks: casually, politely or formally, and with how careful a hand.</summary>
internal static class Register
{
    private static readonly (string From, string To)[] CasualEnglish =
    [
        ("do not", "don't"), ("does not", "doesn't"), ("did not", "didn't"), ("cannot", "can't"), ("could not", "couldn't"), ("is not", "isn't"),
        ("was not", "wasn't"), ("I am ", "I'm "), ("I would like", "I'd like"), ("It is ", "It's "), ("it is ", "it's "), ("Thank you", "Thx"),
    ];

    private static readonly (string From, string To)[] FormalEnglish =
    [
        ("Can I ", "May I kindly "), ("Can you ", "Would you be so kind as to "), ("Could you ", "Would you be so kind as to "), ("I want to ", "I should like to "),
        ("I would like to ", "I should be grateful to "), ("How much is ", "May I ask how much is "), ("Please ", "Would you kindly "),
    ];

    // Endings only: the stems before them stay as they are.
    private static readonly (string From, string To)[] CasualJapanese =
    [
        ("てください。", "て。"), ("でください。", "で。"), ("たいです。", "たい。"), ("ほしいです。", "ほしい。"), ("できますか。", "できる？"), ("ありますか。", "ある？"),
        ("もらえますか。", "もらえる？"), ("いくらですか。", "いくら？"), ("ですか。", "？"), ("お願いします。", "頼むね。"), ("しました。", "した。"), ("なりました。", "なった。"),
        ("ていますか。", "てる？"), ("ています。", "てる。"), ("あります。", "あるよ。"), ("いますか。", "いる？"), ("のですが、", "んだけど、"), ("ですが、", "だけど、"),
        ("ので、", "から、"), ("いです。", "いよ。"), ("です。", "だよ。"), ("でした。", "だったよ。"),
    ];

    private static readonly (string From, string To)[] FormalJapanese =
    [
        ("教えてください。", "ご教示ください。"),
        ("てください。", "ていただけますでしょうか。"), ("でください。", "でいただけますでしょうか。"), ("したいです。", "したく存じます。"), ("知りたいです。", "伺いたく存じます。"), ("ありますか。", "ございますでしょうか。"), ("ですか。", "でしょうか。"),
        ("ますか。", "ますでしょうか。"), ("お願いします。", "お願い申し上げます。"), ("ています。", "ております。"), ("あります。", "ございます。"), ("ありません。", "ございません。"),
        ("行きます。", "参ります。"), ("見ました。", "拝見しました。"), ("聞きました。", "伺いました。"), ("します。", "いたします。"), ("しました。", "いたしました。"),
        ("いです。", "いと存じます。"), ("です。", "でございます。"), ("でした。", "でございました。"),
    ];

    /// <summary>The same sentence more casual or more formal; names and codes stay, for none contains what is replaced.</summary>
    internal static string Casual(string text, Tongue tongue) => Replace(text, tongue == Tongue.English ? CasualEnglish : CasualJapanese);

    /// <summary>The same sentence, more formal.</summary>
    internal static string Formal(string text, Tongue tongue) => Replace(text, tongue == Tongue.English ? FormalEnglish : FormalJapanese);

    /// <summary>The same sentence with one slip of the keyboard: two letters swapped, one left out, or one doubled.</summary>
    internal static string Slip(NamedRandom random, string text)
    {
        int at = random.Next(1, Math.Max(2, text.Length - 2));
        if (at + 1 >= text.Length || !IsSmall(text[at]) || !IsSmall(text[at + 1])) return text;
        var slipped = new StringBuilder(text);
        switch (random.Next(3))
        {
            case 0: (slipped[at], slipped[at + 1]) = (slipped[at + 1], slipped[at]); break;
            case 1: slipped.Remove(at, 1); break;
            default: slipped.Insert(at, text[at]); break;
        }
        return slipped.ToString();
    }

    private static bool IsSmall(char c) => char.IsAsciiLetterLower(c) || c is >= '\u3041' and <= '\u3096';

    private static string Replace(string text, (string From, string To)[] pairs)
    {
        foreach (var (from, to) in pairs)
            if (text.Contains(from, StringComparison.Ordinal)) return text.Replace(from, to, StringComparison.Ordinal);
        return text;
    }
}
