using Xunit.Sdk;
using Xunit.v3;

// The memory counters and the thread count are the process's.
[assembly: Parallelization(Mode = ParallelMode.None)]
