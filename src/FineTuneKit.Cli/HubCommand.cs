using System.CommandLine;
using FineTuneKit.Models.Hub;

namespace FineTuneKit.Cli;

/// <summary><c>ftk hub</c>: models from the hub, adapters to it.</summary>
internal static class HubCommand
{
    public static Command Create() => new("hub", "Download models from the hub into the cache that Python shares, and push adapters.")
    {
        Download(),
        Push(),
    };

    private static Command Download()
    {
        Argument<string> model = new("model") { Description = "owner/name.", HelpName = "OWNER/NAME" };
        Option<string?> revision = new("--revision") { Description = "A branch, a tag or a commit. Default: main." };
        Option<string[]> include = new("--include") { Description = "Only files that match; * is any text, ? one character. Default: what the kit reads.", HelpName = "PATTERN", AllowMultipleArgumentsPerToken = true };
        Option<string[]> exclude = new("--exclude") { Description = "But none that match.", HelpName = "PATTERN", AllowMultipleArgumentsPerToken = true };
        Option<string?> cache = new("--cache") { Description = "Folder of the cache. Default: HF_HUB_CACHE, else hub in HF_HOME, else ~/.cache/huggingface/hub.", HelpName = "DIR" };
        Option<bool> offline = Offline();
        var command = new Command("download", "Fetch a model's files; what was cut off goes on where it stopped.") { model, revision, include, exclude, cache, offline };
        var common = new CommonOptions(command);
        command.SetAction(parsed => ExitCode.Of(cancel =>
        {
            IRunProgress progress = common.Apply(parsed);
            HubSettings settings = Settings(parsed.GetValue(offline));
            if (parsed.GetValue(cache) is { } folder) settings = settings with { CacheFolder = Path.GetFullPath(folder) };
            var choice = new FileChoice { Include = parsed.GetValue(include) ?? [], Exclude = parsed.GetValue(exclude) ?? [] };
            HubDownloadResult result = HubDownload.Run(HubName.Parse(parsed.GetValue(model)!, parsed.GetValue(revision)), choice, settings, progress, cancel).GetAwaiter().GetResult();
            common.Write(parsed, result);
            Console.WriteLine(result.Folder);
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Push()
    {
        Argument<string> model = new("model") { Description = "owner/name.", HelpName = "OWNER/NAME" };
        Option<string> adapter = new("--adapter") { Description = "The PEFT folder.", HelpName = "DIR", Required = true };
        Option<string?> record = new("--record") { Description = "record.json, from which the model card is made. Default: the one beside the adapter's folder.", HelpName = "FILE" };
        Option<string?> baseModel = new("--base-model") { Description = "The base's name on the hub. Default: the one in adapter_config.json.", HelpName = "OWNER/NAME" };
        Option<bool> open = new("--public") { Description = "A new repository can be seen by everybody." };
        Option<string> message = new("--message") { Description = "The commit's message.", DefaultValueFactory = _ => "Upload adapter" };
        Option<bool> dryRun = new("--dry-run") { Description = "Show the files and the card, and send nothing." };
        var command = new Command("push", "Put an adapter on the hub, with a model card made from its record.") { model, adapter, record, baseModel, open, message, dryRun };
        var common = new CommonOptions(command);
        command.SetAction(parsed => ExitCode.Of(cancel =>
        {
            IRunProgress progress = common.Apply(parsed);
            var name = HubName.Parse(parsed.GetValue(model)!);
            var options = new HubPushOptions
            {
                Folder = parsed.GetValue(adapter)!,
                Record = parsed.GetValue(record),
                BaseModel = parsed.GetValue(baseModel),
                Private = !parsed.GetValue(open),
                Message = parsed.GetValue(message)!,
            };
            bool dry = parsed.GetValue(dryRun);
            HubPushResult result = dry ? HubPush.Plan(name, options) : HubPush.Run(name, options, Settings(offline: false), progress, cancel).GetAwaiter().GetResult();
            common.Write(parsed, result);
            Console.WriteLine(dry ? $"{string.Join('\n', result.Files)}\n\n{result.Card}" : $"{result.Model} at {result.Commit}");
            return ExitCode.Done;
        }));
        return command;
    }

    private static Option<bool> Offline() => new("--offline") { Description = "Ask the cache only, as HF_HUB_OFFLINE=1 does." };

    private static HubSettings Settings(bool offline)
    {
        var settings = HubSettings.FromEnvironment();
        return settings with { Offline = settings.Offline || offline };
    }
}
