using System.Text.Json;
using PeftStudio.Formats.ChatTemplates;
using PeftStudio.Formats.ChatTemplates.Internal;
using PeftStudio.Formats.ChatTemplates.Jinja;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Golden;

/// <summary>Cases of form <c>snippets</c>: pieces of the template language with the same variables.</summary>
internal static class ChatTemplateSnippets
{
    internal static List<string> Check(GoldenCase golden)
    {
        var problems = new List<string>();
        foreach (var snippet in golden.Json.GetProperty("snippets").EnumerateArray())
        {
            var source = snippet.GetProperty("template").GetString()!;
            var expected = Expectation.Of(snippet);
            var actual = Expectation.Of(() => Render(source, golden.Json.GetProperty("variables"), FixedClock.Of(golden)));
            if (!actual.Meets(expected)) problems.Add($"{source}\nexpected {expected}\nactual   {actual}");
        }

        return problems;
    }

    private static string Render(string source, JsonElement variables, TimeProvider clock)
    {
        try
        {
            var meter = new Meter(ChatTemplateLimits.Default);
            var values = new TemplateValues(meter, null);
            var named = variables.EnumerateObject().Select(pair => new KeyValuePair<string, object?>(pair.Name, values.From(pair.Value)));
            return JinjaTemplate.Parse(source, ChatTemplateLimits.Default).Render(meter, named, clock).Text;
        }
        catch (JinjaError error)
        {
            throw ChatErrors.FromTemplate(error);
        }
    }
}
