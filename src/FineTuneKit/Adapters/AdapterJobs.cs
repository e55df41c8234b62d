using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>What became of adapters and a base. Schema <c>finetunekit.adapters/1</c>.</summary>
public sealed record AdapterJobRecord
{
    /// <summary>The schema's name and version.</summary>
    public string Schema { get; init; } = "finetunekit.adapters/1";

    /// <summary>SHA-256 of the base's weights.</summary>
    public required string BaseSha256 { get; init; }

    /// <summary>Numbers of the adapter or model that was written.</summary>
    public required long Parameters { get; init; }

    /// <summary>The largest absolute difference between the logits that must agree: with the adapters beside the base and in it, or before and after a conversion.</summary>
    public double? LargestLogitDifference { get; init; }

    /// <summary>On how many random tokens.</summary>
    public int? ProbeTokens { get; init; }
}

/// <summary>Merges, unmerges, combines and converts adapter folders: <c>ftk adapters</c>.</summary>
public static class AdapterJobs
{
    /// <summary>Merges adapters into their base and saves the model, in the type that the base is stored in.</summary>
    /// <param name="baseFolder">The base.</param>
    /// <param name="adapters">PEFT folders, merged one after the other.</param>
    /// <param name="output">Where the model goes.</param>
    /// <param name="unpack">Whether a 4-bit base is made float32 first.</param>
    /// <exception cref="InputException">Folders that cannot be read, another base, or 4-bit weights that are not to be unpacked.</exception>
    public static AdapterJobRecord Merge(string baseFolder, IReadOnlyList<string> adapters, string output, bool unpack = false)
    {
        using LoadedModel loaded = ModelFolder.Load(baseFolder);
        RequireOther(baseFolder, output);
        if (unpack) loaded.Model.UnpackProjections();
        AdapterSet set = Read(loaded, adapters, loaded.Sha256);
        set.Use(set.Names);
        using var probe = new LogitProbe(loaded.Config);
        using Tensor beside = probe.Logits(loaded.Model);
        using (set.Merge(set.Names))
        {
            ModelFolder.Save(output, loaded.Model, loaded.StoredType, companionsFrom: baseFolder);
            using LoadedModel saved = ModelFolder.Load(output);
            using Tensor merged = probe.Logits(saved.Model);
            return Record(loaded, loaded.Model.ParameterCount, probe, LogitProbe.LargestDifference(beside, merged));
        }
    }

    /// <summary>Takes adapters out of a model that they were merged into, to the rounding of the merge.</summary>
    /// <param name="mergedFolder">The merged model.</param>
    /// <param name="adapters">PEFT folders, all that were merged.</param>
    /// <param name="output">Where the base goes.</param>
    /// <exception cref="InputException">Folders that cannot be read, 4-bit weights, or adapters that replaced what is gone.</exception>
    public static AdapterJobRecord Unmerge(string mergedFolder, IReadOnlyList<string> adapters, string output)
    {
        using LoadedModel loaded = ModelFolder.Load(mergedFolder);
        RequireOther(mergedFolder, output);
        using var probe = new LogitProbe(loaded.Config);
        using Tensor merged = probe.Logits(loaded.Model);
        AdapterSet set = Read(loaded, adapters, baseSha256: null);
        string[] names = [.. set.Names];
        // The last that was merged comes out first.
        foreach (string name in names.Reverse()) AdapterMerge.Remove(set[name]).Dispose();
        ModelFolder.Save(output, loaded.Model, loaded.StoredType, companionsFrom: mergedFolder);
        set.Use(names);
        using Tensor beside = probe.Logits(loaded.Model);
        return Record(loaded, loaded.Model.ParameterCount, probe, LogitProbe.LargestDifference(merged, beside));
    }

    /// <summary>Makes one adapter out of several and saves it as a PEFT folder.</summary>
    /// <param name="baseFolder">The base of all.</param>
    /// <param name="adapters">PEFT folders.</param>
    /// <param name="weights">One for each.</param>
    /// <param name="options">How.</param>
    /// <param name="output">Where the adapter goes.</param>
    /// <exception cref="InputException">Folders that cannot be read, another base, or what cannot be combined.</exception>
    public static AdapterJobRecord Combine(string baseFolder, IReadOnlyList<string> adapters, IReadOnlyList<double> weights, CombinationOptions options, string output)
    {
        options.Validated(adapters.Count, weights);
        using LoadedModel loaded = ModelFolder.Load(baseFolder);
        AdapterSet set = Read(loaded, adapters, loaded.Sha256);
        AdaptedModel combined = set.Combine(Combined, [.. set.Names], weights, options);
        PeftFolder.Save(output, combined, Path.GetFileName(Path.TrimEndingDirectorySeparator(baseFolder)), loaded.Sha256);
        return new AdapterJobRecord { BaseSha256 = loaded.Sha256, Parameters = combined.Parameters.Sum(parameter => parameter.Value.numel()) };
    }

    /// <summary>Makes plain LoRA on the base of an adapter that started from the base's own weights or is scaled otherwise, and saves it.</summary>
    /// <param name="baseFolder">The base, as it was before the adapter.</param>
    /// <param name="adapter">A PEFT folder.</param>
    /// <param name="output">Where the plain adapter goes.</param>
    /// <exception cref="InputException">Folders that cannot be read, another base, or what no plain LoRA equals.</exception>
    public static AdapterJobRecord Convert(string baseFolder, string adapter, string output)
    {
        using LoadedModel loaded = ModelFolder.Load(baseFolder);
        RequireOther(adapter, output);
        AdaptedModel given = PeftFolder.Load(adapter, loaded.Model, loaded.Sha256);
        using var probe = new LogitProbe(loaded.Config);
        using Tensor before = probe.Logits(loaded.Model);
        AdaptedModel plain = LoraConversion.ToPlain(given);
        PeftFolder.Save(output, plain, Path.GetFileName(Path.TrimEndingDirectorySeparator(baseFolder)), loaded.Sha256);
        plain.Detach();
        AdaptedModel saved = PeftFolder.Load(output, loaded.Model, loaded.Sha256);
        using Tensor after = probe.Logits(loaded.Model);
        return Record(loaded, saved.Parameters.Sum(parameter => parameter.Value.numel()), probe, LogitProbe.LargestDifference(before, after));
    }

    private const string Combined = " combined";

    private static AdapterSet Read(LoadedModel loaded, IReadOnlyList<string> adapters, string? baseSha256)
    {
        if (adapters.Count == 0) throw new InputException("no adapter is given; one folder or more is required");
        var set = new AdapterSet(loaded.Model);
        foreach (string folder in adapters) set.Load(folder, folder, baseSha256);
        return set;
    }

    private static void RequireOther(string folder, string output)
    {
        if (Path.GetFullPath(folder) == Path.GetFullPath(output)) throw new InputException($"{output} is what is read; another folder is required");
    }

    private static AdapterJobRecord Record(LoadedModel loaded, long parameters, LogitProbe probe, double difference) =>
        new() { BaseSha256 = loaded.Sha256, Parameters = parameters, LargestLogitDifference = difference, ProbeTokens = probe.TokenCount };
}
