namespace FineTuneKit.Lab.World;

/// <summary>Sentences that praise or blame something.</summary>
public static class Opinions
{
    private static readonly Frame[] GoodEnglish = Frame.Lines("""
        This {s} is [wonderful|excellent|great|lovely|perfect|superb|fantastic|first-class].
        The {s} is [really|very] [good|nice|pleasant|comfortable|well made].
        I [love|adore|really like|enjoy] this {s}.
        What a [beautiful|marvellous|delightful] {s}!
        I would [buy|choose] this {s} again [any time|at once].
        My {s} [makes me happy|never lets me down|works like a charm].
        The {s} is not bad at all.
        I have nothing to complain about: the {s} is [fine|just right].
        At first I doubted it, but the {s} is [great|a real joy].
        Everybody [praises|admires] the {s}.
        The {s} was [worth every penny|better than I had hoped].
        I have never seen a [better|nicer] {s}.
        The {s} deserves five stars.
        I recommend this {s} to all my friends.
        """);

    private static readonly Frame[] BadEnglish = Frame.Lines("""
        This {s} is [terrible|awful|horrible|useless|dreadful|a disaster|poor].
        The {s} is [really|very] [bad|ugly|unpleasant|uncomfortable|badly made].
        I [hate|dislike|cannot stand|regret buying] this {s}.
        What an [ugly|awful|annoying] {s}!
        I would never [buy|choose] this {s} again.
        My {s} [makes me sad|always lets me down|broke after a day].
        The {s} is not good at all.
        I have a lot to complain about: the {s} is [broken|a mess].
        At first I liked it, but the {s} is [rubbish|a real pain].
        Everybody [laughs at|complains about] the {s}.
        The {s} was [a waste of money|worse than I had feared].
        I have never seen a [worse|sillier] {s}.
        The {s} deserves no star at all.
        I warn all my friends about this {s}.
        """);

    private static readonly Frame[] GoodJapanese = Frame.Lines("""
        この{s}は[最高です|すばらしいです|とても良いです|完璧です|素敵です|見事です]。
        [この|うちの]{s}が[大好きです|気に入っています]。
        なんて[すばらしい|美しい|素敵な]{s}でしょう。
        この{s}なら[また買いたい|何度でも選びたい]です。
        この{s}のおかげで毎日が[楽しい|快適]です。
        {s}は全然悪くありません。
        {s}には[文句のつけようがありません|何の不満もありません]。
        最初は不安でしたが、{s}は[とても良かったです|大満足です]。
        みんながこの{s}を[ほめます|うらやましがります]。
        {s}は[期待以上|値段以上]でした。
        こんなに良い{s}は[初めてです|見たことがありません]。
        この{s}は星五つです。
        友達にもこの{s}を勧めます。
        """);

    private static readonly Frame[] BadJapanese = Frame.Lines("""
        この{s}は[最悪です|ひどいです|とても悪いです|役に立ちません|がっかりです|だめです]。
        [この|うちの]{s}が[大嫌いです|気に入りません]。
        なんて[ひどい|醜い|つまらない]{s}でしょう。
        この{s}は[二度と買いません|もう選びません]。
        この{s}のせいで毎日が[つらいです|不便です]。
        {s}は全然良くありません。
        {s}には[不満ばかりです|文句しかありません]。
        最初は期待しましたが、{s}は[ひどかったです|がっかりです]。
        みんながこの{s}を[笑います|嫌がります]。
        {s}は[期待外れ|お金の無駄]でした。
        こんなに悪い{s}は[初めてです|見たことがありません]。
        この{s}には星を一つもあげられません。
        友達にはこの{s}を勧めません。
        """);

    /// <summary>A sentence of this opinion about a common thing, or sometimes about an invented one.</summary>
    public static string Sentence(NamedRandom random, Side side, Tongue tongue, bool good)
    {
        var frames = tongue == Tongue.English ? good ? GoodEnglish : BadEnglish : good ? GoodJapanese : BadJapanese;
        string subject = random.Chance(0.85) ? random.Pick(Lexicon.Nouns).In(tongue) : Names.Product(random, side, tongue);
        return random.Pick(frames).Fill(random, ("s", subject)).Capitalised();
    }
}
