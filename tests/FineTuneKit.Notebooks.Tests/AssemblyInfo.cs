using Xunit.Sdk;
using Xunit.v3;

// A notebook owns the process's console and current folder.
[assembly: Parallelization(Mode = ParallelMode.None)]
