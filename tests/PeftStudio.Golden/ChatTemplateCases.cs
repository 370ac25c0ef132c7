namespace PeftStudio.Golden;

/// <summary>
/// Chat templates against transformers: renderings, assistant masks, refusals, snippets of the template language, and tool calls read back.
/// Fields of the cases: <c>chat-templates/README.md</c>.
/// </summary>
[TestFixture]
[Category("Golden")]
public sealed class ChatTemplateCases
{
    [TestCaseSource(typeof(GoldenCase), nameof(GoldenCase.Of), new object[] { "chat-templates" })]
    public void Chat_template(GoldenCase golden)
    {
        if (golden.Text("form") == "tool-calls") golden.SkipAsNotBuilt("tool calls");
        var problems = golden.Text("form") switch
        {
            "template" or "calls" => ChatTemplateRuns.Check(golden),
            "snippets" => ChatTemplateSnippets.Check(golden),
            var other => [$"unknown form '{other}'"],
        };
        Assert.That(problems, Is.Empty, string.Join("\n\n", problems.Take(5)));
    }
}
