// The one place that picks the tensor engine: TorchSharp offers the same names.
global using CpuTorch;
global using static CpuTorch.torch;
global using AdamW = CpuTorch.Modules.AdamW;
global using DecoderBlocks = CpuTorch.Modules.ModuleList<FineTuneKit.Models.DecoderBlock>;
global using EncoderBlockList = CpuTorch.Modules.ModuleList<FineTuneKit.Models.EncoderBlock>;
global using OptimizerState = CpuTorch.Modules.OptimizerState;
global using Parameter = CpuTorch.Modules.Parameter;
