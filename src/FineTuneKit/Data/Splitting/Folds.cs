namespace FineTuneKit.Data;

/// <summary>
/// Rows divided for cross-validation: the fold in which each row is tested, from 0. Without shuffling, so the result is
/// exact and that of scikit-learn's KFold, StratifiedKFold and GroupKFold.
/// </summary>
public static class Folds
{
    /// <summary>Folds of neighbouring rows, the first ones a row longer where the count does not divide.</summary>
    /// <exception cref="InputException">Fewer than two folds, or more folds than rows.</exception>
    public static int[] InOrder(int rows, int folds)
    {
        Require(folds, rows, "rows");
        var result = new int[rows];
        for (int fold = 0, at = 0; fold < folds; fold++)
            for (int size = rows / folds + (fold < rows % folds ? 1 : 0); size > 0; size--) result[at++] = fold;
        return result;
    }

    /// <summary>Folds that each have their share of every class; the classes keep their rows' order.</summary>
    /// <exception cref="InputException">Fewer than two folds, or more folds than every class has rows.</exception>
    public static int[] Stratified<T>(IReadOnlyList<T> classes, int folds)
        where T : notnull
    {
        var numbers = new Dictionary<T, int>();
        int[] encoded = classes.Select(c => numbers.TryGetValue(c, out int n) ? n : numbers[c] = numbers.Count).ToArray();
        int[] counts = Count(encoded, numbers.Count);
        Require(folds, counts.DefaultIfEmpty().Max(), "rows of the largest class");
        // Dealing the sorted classes out one by one tells how many of each a fold gets.
        var due = new int[numbers.Count, folds];
        int at = 0;
        for (int c = 0; c < counts.Length; c++)
            for (int i = 0; i < counts[c]; i++) due[c, at++ % folds]++;
        var next = new int[numbers.Count];
        return encoded.Select(c =>
        {
            while (due[c, next[c]] == 0) next[c]++;
            due[c, next[c]]--;
            return next[c];
        }).ToArray();
    }

    /// <summary>Folds that part no group: the largest group first, each into the fold that has fewest rows so far.</summary>
    /// <param name="groups">The group of each row.</param>
    /// <param name="folds">How many folds.</param>
    /// <param name="order">Orders groups of equal size, the greater first; default: that of the type, for texts by code point.</param>
    /// <exception cref="InputException">Fewer than two folds, or more folds than groups.</exception>
    public static int[] Grouped<T>(IReadOnlyList<T> groups, int folds, IComparer<T>? order = null)
        where T : notnull
    {
        order ??= typeof(T) == typeof(string) ? (IComparer<T>)(object)CodePointComparer.Instance : Comparer<T>.Default;
        var sizes = groups.GroupBy(g => g).Select(g => (Group: g.Key, Size: g.Count())).ToList();
        Require(folds, sizes.Count, "groups");
        var foldOf = new Dictionary<T, int>();
        var weights = new int[folds];
        foreach ((T group, int size) in sizes.OrderByDescending(g => g.Size).ThenByDescending(g => g.Group, order))
        {
            int lightest = Array.IndexOf(weights, weights.Min());
            weights[lightest] += size;
            foldOf[group] = lightest;
        }
        return groups.Select(g => foldOf[g]).ToArray();
    }

    private static int[] Count(int[] encoded, int classes)
    {
        var counts = new int[classes];
        foreach (int c in encoded) counts[c]++;
        return counts;
    }

    private static void Require(int folds, int available, string what)
    {
        if (folds < 2) throw new InputException($"{folds} folds; at least 2 are required");
        if (folds > available) throw new InputException($"{folds} folds of {available} {what}; at least as many are required");
    }

    // Characters outside the basic plane are greater than all in it, which UTF-16 units are not.
    private sealed class CodePointComparer : IComparer<string>
    {
        public static readonly CodePointComparer Instance = new();

        public int Compare(string? x, string? y)
        {
            using IEnumerator<System.Text.Rune> a = (x ?? "").EnumerateRunes(), b = (y ?? "").EnumerateRunes();
            while (true)
            {
                bool hasA = a.MoveNext(), hasB = b.MoveNext();
                if (!hasA || !hasB) return hasA.CompareTo(hasB);
                int order = a.Current.CompareTo(b.Current);
                if (order != 0) return order;
            }
        }
    }
}
