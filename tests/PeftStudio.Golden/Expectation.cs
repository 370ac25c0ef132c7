using System.Text.Json;
using PeftStudio.Formats.ChatTemplates;

namespace PeftStudio.Golden;

/// <summary>What a rendering gives: a text, or an error of a kind.</summary>
internal sealed record Expectation(string? Text, string? Kind = null, string? Message = null, int? Line = null)
{
    /// <summary>Reads <c>expected</c> or <c>error</c> of a case.</summary>
    internal static Expectation Of(JsonElement json)
    {
        if (json.TryGetProperty("expected", out var text)) return new Expectation(text.GetString());
        var error = json.GetProperty("error");
        return new Expectation(
            null,
            error.GetProperty("kind").GetString(),
            error.TryGetProperty("message", out var message) ? message.GetString() : null,
            error.TryGetProperty("line", out var line) ? line.GetInt32() : null);
    }

    /// <summary>Runs a rendering.</summary>
    internal static Expectation Of(Func<string> render)
    {
        try
        {
            return new Expectation(render());
        }
        catch (ChatTemplateException error)
        {
            return new Expectation(null, KindOf(error.Code), error.TemplateMessage, error.Line);
        }
        catch (PeftStudioException error)
        {
            return new Expectation(null, KindOf(error.Code), error.Message);
        }
    }

    /// <summary>Whether this is what the reference says: the text to the letter, errors by kind, raised messages and syntax lines too.</summary>
    internal bool Meets(Expectation expected)
    {
        if (expected.Kind is null) return Text == expected.Text;
        return expected.Kind switch
        {
            "python" => Kind is not null,
            "raised" => Kind == "raised" && Message == expected.Message,
            "syntax" => Kind == "syntax" && Line == expected.Line,
            _ => Kind == expected.Kind,
        };
    }

    private static string KindOf(string code) => code switch
    {
        ErrorCodes.InvalidChatTemplate => "syntax",
        ErrorCodes.ChatTemplateRefused => "raised",
        ErrorCodes.ChatTemplateUndefined => "undefined",
        ErrorCodes.ChatTemplateForbidden => "security",
        ErrorCodes.ChatTemplateFailed => "template",
        ErrorCodes.InvalidChatRequest or ErrorCodes.NoChatTemplate => "argument",
        _ => code,
    };
}
