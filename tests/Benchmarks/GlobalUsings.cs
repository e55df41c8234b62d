global using CpuTorch;
global using static CpuTorch.torch;
