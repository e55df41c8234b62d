// The one place that picks the tensor engine: TorchSharp offers the same names.
global using CpuTorch;
global using static CpuTorch.torch;
global using DecoderBlocks = CpuTorch.Modules.ModuleList<FineTuneKit.Models.DecoderBlock>;
global using Parameter = CpuTorch.Modules.Parameter;
