using System.Diagnostics;

namespace Benchmarks;

/// <summary>tokenizers.cjs: the Rust library <c>tokenizers</c> by its npm package, on one core.</summary>
internal static class TokenizersYardstick
{
    /// <inheritdoc cref="StartYardstick"/>
    public static YardstickProcess? TryStart(WorkFolder folder, out string missing)
    {
        var start = new ProcessStartInfo("node");
        start.Environment["RAYON_NUM_THREADS"] = "1";
        return YardstickProcess.TryStart(start, folder, "tokenizers.cjs", "node and npm install --prefix DIR tokenizers, with NODE_PATH=DIR/node_modules", out missing);
    }
}
