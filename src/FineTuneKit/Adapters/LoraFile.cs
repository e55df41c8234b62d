using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>The low-rank update of one projection: s · B A.</summary>
/// <param name="Path">The projection's name in the base's checkpoint, without <c>.weight</c>.</param>
/// <param name="A">(r, in), float32.</param>
/// <param name="B">(out, r), float32.</param>
/// <param name="Scale">s.</param>
public sealed record LowRankUpdate(string Path, Tensor A, Tensor B, double Scale)
{
    /// <summary>The Frobenius norm of the update.</summary>
    public double Norm => Math.Sqrt(Math.Max(0, Dot(this)));

    /// <summary>The sum of the products of both updates' numbers, which are never formed: tr(A₁ᵀ B₁ᵀ B₂ A₂) from r × r matrices.</summary>
    /// <exception cref="InputException">The updates are of matrices of other shapes.</exception>
    public double Dot(LowRankUpdate other)
    {
        if (A.size(1) != other.A.size(1) || B.size(0) != other.B.size(0))
            throw new InputException($"{Path}: one adapter is for ({B.size(0)}, {A.size(1)}), the other for ({other.B.size(0)}, {other.A.size(1)}): they have other bases");
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
            return Scale * other.Scale * (matmul(B.t(), other.B) * matmul(A, other.A.t())).sum().item<float>();
    }
}

/// <summary>The updates of a PEFT folder, read without its base.</summary>
public static class LoraFile
{
    private const string Prefix = "base_model.model.", SuffixA = ".lora_A.weight", SuffixB = ".lora_B.weight";

    /// <summary>All low-rank updates, in the order of their names.</summary>
    /// <exception cref="InputException">No such folder, another kind of adapter or start, or half of an update.</exception>
    public static IReadOnlyList<LowRankUpdate> Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new InputException($"{folder}: no such folder; a PEFT folder is required");
        LoraOptions options = Plain(folder) ?? throw new InputException($"{folder}: not plain LoRA, whose updates can be read without the base; convert it first (ftk adapters convert)");
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, PeftFolder.WeightsName));
        var updates = new List<LowRankUpdate>();
        foreach (string key in file.Entries.Select(entry => entry.Name).Where(name => name.EndsWith(SuffixA, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            string stem = key[..^SuffixA.Length], path = stem.StartsWith(Prefix, StringComparison.Ordinal) ? stem[Prefix.Length..] : stem;
            if (!file.Contains(stem + SuffixB)) throw new InputException($"{file.Path}: {key} has no {stem + SuffixB} beside it");
            Tensor a = Wide(file, key);
            updates.Add(new LowRankUpdate(path, a, Wide(file, stem + SuffixB), options.ScaleOf(path, a.size(0))));
        }
        return updates;
    }

    /// <summary>Whether a folder's low-rank updates are all that it does to the base's projections.</summary>
    /// <exception cref="InputException">No adapter there, or a configuration that cannot be read.</exception>
    public static bool IsPlain(string folder) => Plain(folder) is not null;

    private static LoraOptions? Plain(string folder) =>
        PeftConfig.Load(Path.Combine(folder, PeftFolder.ConfigName)) is LoraOptions { UseDora: false, Initialization: LoraInitialization.Default or LoraInitialization.Gaussian } options ? options : null;

    private static Tensor Wide(SafetensorsFile file, string key)
    {
        using Tensor stored = file.Read(key);
        return stored.to(ScalarType.Float32).clone();
    }
}
