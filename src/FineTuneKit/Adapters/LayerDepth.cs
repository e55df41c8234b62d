using System.Globalization;
using System.Text.RegularExpressions;
using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>
/// How far up each weight of a model lies: 0 for embeddings, i + 1 for block i, the last depth for what follows the blocks
/// (norm, pooler, head). Models of every family keep their weights in this order.
/// </summary>
public sealed partial class LayerDepth
{
    private readonly Dictionary<string, int> _depths = new(StringComparer.Ordinal);

    /// <summary>Finds the depth of every weight.</summary>
    /// <exception cref="InputException">The model has no blocks.</exception>
    public LayerDepth(IAdaptable model)
    {
        List<string> names = [.. model.Module.named_parameters().Select(p => p.name)];
        Blocks = names.Select(Block).Max() + 1 ?? throw new InputException("the model has no blocks to tell apart");
        bool above = false;
        foreach (string name in names)
        {
            int? block = Block(name);
            above |= block is not null;
            _depths[name] = block + 1 ?? (above ? Blocks + 1 : 0);
        }
    }

    /// <summary>How many blocks there are.</summary>
    public int Blocks { get; }

    /// <summary>The depth of what follows the blocks.</summary>
    public int Top => Blocks + 1;

    /// <summary>The depth of a weight, by its name in the checkpoint.</summary>
    public int Of(string parameter) => _depths[parameter];

    private static int? Block(string name) => BlockNumber().Match(name) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"\.(\d+)\.", RegexOptions.CultureInvariant)]
    private static partial Regex BlockNumber();
}
