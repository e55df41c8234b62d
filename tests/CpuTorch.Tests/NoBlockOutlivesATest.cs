using System.Reflection;
using Xunit.v3;
using static CpuTorch.torch;

[assembly: CpuTorch.Tests.NoBlockOutlivesATest]

namespace CpuTorch.Tests;

/// <summary>
/// No test leaves a native block held: what it makes it disposes, and the engine with it. Seen at the start of the next
/// test, when the last one's object is disposed too.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class NoBlockOutlivesATestAttribute : BeforeAfterTestAttribute
{
    private static string before = "the start";
    private static long held;

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        (string blamed, before) = (before, test.TestDisplayName);
        // What one test left is not blamed on all after it.
        (long earlier, held) = (held, memory.live_blocks);
        if (held > earlier) throw new InvalidOperationException($"{held - earlier} native blocks, {memory.live_bytes} bytes in all, are held after {blamed}");
    }
}
