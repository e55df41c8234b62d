using Xunit;

// The memory counters and the thread count are the process's.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
