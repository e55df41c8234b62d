using System.Text.RegularExpressions;
using FineTuneKit.Data;

namespace FineTuneKit.Lab.SupportDesk;

/// <summary>What the catalogue says, as facts that <see cref="DataAudit"/> holds answers against.</summary>
public static class CatalogueFacts
{
    /// <summary>The price and the stock of every product, and the days in which goods can be returned.</summary>
    public static IReadOnlyList<Fact> All { get; } =
    [
        .. Catalogue.Products.Select(p => new Fact(p.Name, $"{Regex.Escape(p.Name)}(?: costs |の価格は)(?<value>[0-9]+)", $"{p.PriceYen}")),
        .. Catalogue.Products.Select(p => new Fact(p.Name, $"have (?<value>[0-9]+) of the {Regex.Escape(p.Name)}|{Regex.Escape(p.Name)}の在庫は(?<value>[0-9]+)", $"{p.Stock}")),
        new Fact("", "returned within (?<value>[0-9]+) days|購入後(?<value>[0-9]+)日以内", $"{ShopFacts.ReturnDays}"),
    ];
}
