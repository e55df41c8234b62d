using System.CommandLine;
using System.Globalization;
using FineTuneKit.Planning;

namespace FineTuneKit.Cli;

/// <summary><c>ftk plan</c>: what a tuning run takes, before it starts.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var command = new Command("plan", "Say what ftk train with the same flags takes in memory, time and money. A few steps are measured and thrown away.");
        var flags = new TuningFlags(command);
        Option<double?> price = new("--price") { Description = "What an hour of this machine costs, in any currency: the plan then states the run's cost." };
        command.Options.Add(price);
        var common = new CommonOptions(command);
        command.SetAction(parsed => ExitCode.Of(cancel =>
        {
            IRunProgress progress = common.Apply(parsed);
            TrainingPlan plan = TrainingPlanner.Plan(flags.Read(parsed, folder: ""), parsed.GetValue(price), progress, cancel);
            common.Write(parsed, plan);
            Print(plan);
            return plan.Memory.Fits ? ExitCode.Done : ExitCode.Failed;
        }));
        return command;
    }

    private static void Print(TrainingPlan plan)
    {
        MemoryPlan memory = plan.Memory;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            rows            {plan.Rows[0]} to train, {plan.Rows[1]} to choose, {plan.Rows[2]} to test; {plan.TokensPerEpoch:N0} tokens a pass, {plan.PaddedTokensPerEpoch:N0} with padding
            trained         {plan.TrainableParameters:N0} of {plan.Parameters:N0} weights, {plan.Steps:N0} steps at most
            memory          {Mebibytes(memory.Peak)} at the peak of {Mebibytes(memory.Available)}: weights {Mebibytes(memory.Weights)}, gradients {Mebibytes(memory.Gradients)}, optimizer {Mebibytes(memory.Optimizer)}, best weights {Mebibytes(memory.BestWeights)}{(memory.Activations is { } kept ? $", activations {Mebibytes(kept)}" : "")}
            disk            {Mebibytes(plan.ResultBytes)} of result, {Mebibytes(plan.CheckpointBytes)} of checkpoints
            """));
        if (plan.Time is { } time)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
                time            {Duration(time.TotalSeconds)} at most: {Duration(time.Training)} of steps of {time.Step:0.000} s, {Duration(time.Validation)} of validation, {Duration(time.Test)} of test
                """));
        }
        else
        {
            Console.WriteLine("time            not measured: the run does not fit. A smaller batch, --gradient-checkpointing, --method qlora or a smaller base take less");
        }
        if (plan.Cost is { } cost) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cost            {cost:0.00} at {plan.PricePerHour} an hour"));
    }

    private static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):N0} MiB");

    private static string Duration(double seconds) => seconds < 120
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0.0} min");
}
