using System.CommandLine;
using System.Globalization;
using FineTuneKit.Models;

namespace FineTuneKit.Cli;

/// <summary><c>ftk quantize</c>: a model with its projections in four bits a weight.</summary>
internal static class QuantizeCommand
{
    public static Command Create()
    {
        var defaults = new QuantizationOptions();
        Option<string> baseFolder = new("--base") { Description = "Folder of the float model.", HelpName = "DIR", Required = true };
        Option<string> output = new("--out") { Description = "Folder of the quantised model.", HelpName = "DIR", Required = true };
        Option<FourBitType> type = new("--type") { Description = "nf4 or fp4: what the codes stand for.", DefaultValueFactory = _ => defaults.Type };
        Option<int> blockSize = new("--block-size") { Description = "Weights that share a scale.", DefaultValueFactory = _ => defaults.BlockSize };
        Option<bool> twice = new("--double") { Description = "Store the scales in 8 bits each." };
        var command = new Command("quantize", "Store a model's projections in four bits a weight, in the format of bitsandbytes.") { baseFolder, output, type, blockSize, twice };
        var common = new CommonOptions(command);
        command.SetAction(parsed => ExitCode.Of(_ =>
        {
            IRunProgress progress = common.Apply(parsed);
            QuantizationRecord record = ModelQuantization.Run(
                parsed.GetValue(baseFolder)!, parsed.GetValue(output)!,
                new QuantizationOptions { Type = parsed.GetValue(type), BlockSize = parsed.GetValue(blockSize), DoubleQuantization = parsed.GetValue(twice) }, progress);
            common.Write(parsed, record);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
                quantised       {record.QuantizedWeights:N0} of {record.Weights:N0} weights, {record.BitsPerWeight:0.000} bits each
                size            {record.BytesBefore / 1e6:0.0} MB before, {record.BytesAfter / 1e6:0.0} MB after
                error           {record.RelativeError:0.0%} of the weights' root mean square
                logits          {record.LargestLogitDifference:0.000} largest difference on {record.ProbeTokens} random tokens
                model           {parsed.GetValue(output)}
                """));
            return ExitCode.Done;
        }));
        return command;
    }
}
