using System.Diagnostics;
using FineTuneKit.Fixtures;
using FineTuneKit.Text.Templates;
using Xunit;

namespace FineTuneKit.Tests.Text.Templates;

/// <summary>Whatever stands in a template, it renders or ends with a template error, in bounded time and memory.</summary>
public sealed class TemplateFuzzTests
{
    private const int Mutations = 12_000;

    private static readonly string[] Pieces =
    [
        "{%", "%}", "{{", "}}", "{#", "#}", "{%-", "-%}", "{% if x %}", "{% endif %}", "{% for x in messages %}", "{% endfor %}", "{% set x = ", "{% macro f(a) %}", "{% endmacro %}",
        "{% generation %}", "{% endgeneration %}", "|", "~", "**", "//", "==", "is", "not", "in", "and", "(", ")", "[", "]", "{", "}", ":", ",", "'", "\"", "\\", "0x", "1e9", "99999999999",
        "loop", "messages", "none", "|tojson", "|join", "|sort", "|map('upper')", ".items()", "[::-1]", " * 100000", "range(100000)", "{{ f(f) }}", "\uD83D", "😀", "\u3000", "\n", "{% raw %}", "{% break %}",
    ];

    private static readonly string[] Sources =
    [
        "{% set ns = namespace(n=0, s='') %}{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content|trim }}{% endgeneration %}{% else %}{{ loop.index ~ ': ' + m['content'][:3] }}{% endif %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}",
        "{%- macro show(x, depth=0) %}{% if x is mapping %}{% for k, v in x.items() %}{{ k }}={{ show(v, depth + 1) }}{% endfor %}{% elif x is iterable and x is not string %}{{ x|map('string')|join(', ') }}{% else %}{{ x|tojson }}{% endif %}{% endmacro %}{{ show(tools) }}",
        "{% set b | upper %}a{{ 1 / 3 }}{% endset %}{{ b }}{% call(x) f(1) %}{{ x }}{% endcall %}{{ '%5.2f|%s' % (1.5, b) }}{{ '{:>10}'.format(b) }}{{ 'a,b'.split(',')|sort(reverse=true)|list }}",
        "{% for a in [1, 2] recursive %}{{ loop(messages) if loop.depth < 3 }}{% else %}none{% endfor %}{{ raise_exception('no') if messages|length > 9 }}{{ strftime_now('%Y') }}",
    ];

    private static readonly Dictionary<string, object?> Context = new(StringComparer.Ordinal)
    {
        ["messages"] = new object?[]
        {
            new Dictionary<string, object?> { ["role"] = "user", ["content"] = "hi 👍" },
            new Dictionary<string, object?> { ["role"] = "assistant", ["content"] = " yo ", ["n"] = 1.5 },
        },
        ["tools"] = new object?[] { new Dictionary<string, object?> { ["name"] = "f", ["list"] = new object?[] { 1, null, true } } },
        ["add_generation_prompt"] = true,
        ["bos_token"] = "<s>",
    };

    private static readonly TemplateLimits Small = new() { Steps = 200_000, Characters = 4_000_000 };

    [Fact]
    public void Mutated_templates_render_or_end_with_a_template_error()
    {
        List<string> sources = [.. Sources, File.ReadAllText(Repository.Sample("mini-base", "chat_template.jinja"))];
        if (FixtureFolder.Exists && Directory.Exists(FixtureFolder.PathOf("chat-templates")))
            sources.AddRange(Directory.GetFiles(FixtureFolder.PathOf("chat-templates"), "*.jinja", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText));
        var random = new Random(20260115);
        int rendered = 0, refused = 0;
        TimeSpan slowest = TimeSpan.Zero;
        for (int i = 0; i < Mutations; i++)
        {
            string source = Mutate(sources[random.Next(sources.Count)], sources, random);
            var clock = Stopwatch.StartNew();
            try
            {
                JinjaTemplate.Parse(source).Render(Context, Small);
                rendered++;
            }
            catch (TemplateException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"mutation {i} ended with {e.GetType().Name}: {e.Message}\n{e.StackTrace}\n{source}");
            }
            if (clock.Elapsed > slowest) slowest = clock.Elapsed;
        }
        // Both happen, or the mutations are no test.
        Assert.True(rendered > Mutations / 50 && refused > Mutations / 4, $"{rendered} rendered, {refused} refused");
        Assert.True(slowest < TimeSpan.FromSeconds(20), $"the slowest took {slowest}");
    }

    [Theory]
    [InlineData("{{ (((x))) }}", '(', ')')]
    [InlineData("{{ [[[x]]] }}", '[', ']')]
    [InlineData("{{ ---x }}", '-', ' ')]
    public void Deep_nesting_ends_with_an_error(string form, char open, char close)
    {
        string source = form[..3] + new string(open, 200_000) + "1" + new string(close, 200_000) + " }}";
        Assert.Equal(TemplateErrorKind.Limit, Assert.Throws<TemplateException>(() => JinjaTemplate.Parse(source)).Kind);
    }

    [Theory]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}")]
    [InlineData("{% for a in [[1]] recursive %}{{ loop([a]) }}{% endfor %}")]
    [InlineData("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}")]
    [InlineData("{% set ns = namespace(x='ab') %}{% for i in range(100) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(100) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}")]
    [InlineData("{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(100) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(100000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x|tojson }}")]
    [InlineData("{% set ns = namespace(x=1) %}{% set ns.x = ns %}{{ ns }}")]
    [InlineData("{{ 'x' * 10000000000 }}")]
    [InlineData("{{ [0] * 10000000000 }}")]
    [InlineData("{{ 9 ** (9 ** 9) }}")]
    [InlineData("{{ '%999999999d' % 1 }}")]
    [InlineData("{{ '{:>999999999}'.format(1) }}")]
    [InlineData("{{ 'x'.center(999999999) }}")]
    [InlineData("{{ 'x'|center(999999999) }}")]
    [InlineData("{{ 'a\nb'|indent(999999999) }}")]
    [InlineData("{{ ('x' * 10000).replace('', 'y' * 100000) }}")]
    [InlineData("{{ range(100000)|batch(1)|map('list')|list|length }}{% for i in range(99999) %}{{ range(99999)|sum }}{% endfor %}")]
    public void Hostile_templates_end_with_an_error(string source)
    {
        var clock = Stopwatch.StartNew();
        TemplateErrorKind kind = Assert.Throws<TemplateException>(() => JinjaTemplate.Parse(source).Render(Context)).Kind;
        Assert.Equal(TemplateErrorKind.Limit, kind);
        // Seconds on a free core; the bound leaves room for a machine that does much else.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(120), $"it took {clock.Elapsed}");
    }

    private static string Mutate(string source, List<string> sources, Random random)
    {
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(source.Length + 1), length = Math.Min(random.Next(1, 12), source.Length - at);
            string other = sources[random.Next(sources.Count)];
            int from = random.Next(other.Length);
            source = random.Next(6) switch
            {
                0 => source.Remove(at, length),
                1 => source.Insert(at, Pieces[random.Next(Pieces.Length)]),
                2 => source.Remove(at, length).Insert(at, Pieces[random.Next(Pieces.Length)]),
                3 => source.Insert(at, other.Substring(from, Math.Min(random.Next(1, 60), other.Length - from))),
                4 => source[..at],
                _ => source.Insert(at, source.Substring(Math.Max(0, at - length), Math.Min(length, at))),
            };
        }
        return source;
    }
}
