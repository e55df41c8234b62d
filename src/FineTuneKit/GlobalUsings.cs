// The one place that picks the tensor engine: TorchSharp offers the same names.
global using CpuTorch;
global using static CpuTorch.torch;
