using System.Diagnostics;
using FineTuneKit.Data;
using FineTuneKit.Evaluation;
using FineTuneKit.Training;

namespace Benchmarks;

/// <summary>From the start of a process to the end of mini-base's first training step, against <c>import torch</c>.</summary>
internal static class StartRatio
{
    public const string Name = "start to first step";
    private const double Target = 2.0;
    private const int Rows = 8;

    public static Ratio Run(int rounds)
    {
        ProcessStartInfo python = PyTorchYardstick.Tuned();
        python.ArgumentList.Add("-c");
        python.ArgumentList.Add("import torch");
        if (Milliseconds(python, out string missing) is null)
        {
            return new Ratio(Name, Value: null, Target, "import torch", $"{missing}; {PyTorchYardstick.HowToInstall}");
        }

        var own = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            own.ArgumentList.Add(typeof(StartRatio).Assembly.Location);
        }

        own.ArgumentList.Add("first-step");
        double Timed(ProcessStartInfo start) => Milliseconds(start, out string failure) ?? throw new InvalidOperationException(failure);
        (double ratio, double ours, double other) = Rounds.Interleave(() => Timed(own), () => Timed(python), rounds);
        return new Ratio(Name, ratio, Target, "import torch", $"{rounds} rounds; {ours:F0} against {other:F0} ms");
    }

    /// <summary>What the other process does.</summary>
    public static void FirstStep()
    {
        using ChatModel model = ChatModel.Load(Sample("mini-base"));
        TrainingExample[] rows = [.. RowReader.Read(Path.Combine(Sample("support-desk"), "clean.jsonl")).Take(Rows).Select(row => TrainingRows.Of(row, model.Template))];
        var run = new TrainingRun
        {
            Model = new WholeModel(model.Decoder),
            Objective = new SupervisedObjective(model.Decoder),
            Examples = new ExampleStream(row => rows[row % Rows], "first-step"),
            Options = new TrainingOptions { MaxSteps = 1, BatchRows = Rows, LearningRate = 1e-4 },
        };
        Console.WriteLine(Trainer.Run(run).History[0].Loss);
    }

    private static double? Milliseconds(ProcessStartInfo start, out string failure)
    {
        long began = Stopwatch.GetTimestamp();
        try
        {
            using Process process = Process.Start(start)!;
            failure = process.StandardError.ReadToEnd().TrimEnd().Split('\n')[^1];
            process.WaitForExit();
            return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(began).TotalMilliseconds : null;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            failure = e.Message;
            return null;
        }
    }

    private static string Sample(string name)
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string sample = Path.Combine(folder, "data-samples", name);
            if (Directory.Exists(sample))
            {
                return sample;
            }
        }

        throw new DirectoryNotFoundException($"data-samples/{name}, above the program's folder");
    }
}
