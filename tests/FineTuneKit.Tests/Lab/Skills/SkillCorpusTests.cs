using FineTuneKit.Data;
using FineTuneKit.Lab.Skills;
using Xunit;

namespace FineTuneKit.Tests.Lab.Skills;

public sealed class SkillCorpusTests
{
    [Fact]
    public void RowsAreTheConversationsOfTheStream()
    {
        var corpus = new SkillCorpus(3);
        IReadOnlyList<Row> rows = corpus.Rows(20, from: 5);
        Assert.Equal(20, rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            SkillItem item = corpus.At(5 + i);
            Assert.Equal(item.Conversation, rows[i].Messages);
            Assert.Equal((item.Answer, item.Skill, item.Language), (rows[i].Answer, rows[i].Label, rows[i].Language));
        }
        Assert.Equal("skill-corpus/seed 3:6", rows[0].Origin.ToString());
    }

    [Fact]
    public void NoHeldOutQuestionIsAmongThem()
    {
        HashSet<string> asked = [.. SkillSuite.Build(20, 1).Select(q => q.PromptText)];
        Assert.DoesNotContain(new SkillCorpus(1).Rows(500), row => asked.Contains(string.Join('\n', row.Messages.SkipLast(1).Select(m => $"{m.Role}: {m.Content}"))));
    }
}
