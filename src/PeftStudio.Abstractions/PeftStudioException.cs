using System.Text;

namespace PeftStudio;

/// <summary>
/// The one exception of PeftStudio: what was asked, what is there, what to do next, under a stable <see cref="Code"/>
/// that has a page of its own in <c>docs/errors</c>. Bad arguments of single calls use the BCL's argument exceptions instead.
/// </summary>
public class PeftStudioException : Exception
{
    /// <summary>Describes a failure in the same three parts every time.</summary>
    /// <param name="code">One of <see cref="ErrorCodes"/>.</param>
    /// <param name="summary">What happened, as one short clause without a full stop.</param>
    /// <param name="asked">What was asked for, with its values; never a secret.</param>
    /// <param name="found">What is there instead, and what state is left.</param>
    /// <param name="remedy">What to do next.</param>
    /// <param name="innerException">The cause, if another component reported it.</param>
    public PeftStudioException(
        string code, string summary, string asked, string found, string remedy, Exception? innerException = null)
        : base(Format(code, summary, asked, found, remedy), innerException)
    {
        Code = code;
        Summary = summary;
        Asked = asked;
        Found = found;
        Remedy = remedy;
    }

    /// <summary>The stable code, <c>PSnnnn</c>.</summary>
    public string Code { get; }

    /// <summary>What happened, in one clause.</summary>
    public string Summary { get; }

    /// <summary>What was asked for.</summary>
    public string Asked { get; }

    /// <summary>What is there, and what state is left.</summary>
    public string Found { get; }

    /// <summary>What to do next.</summary>
    public string Remedy { get; }

    private static string Format(string code, string summary, string asked, string found, string remedy)
    {
        var text = new StringBuilder();
        text.Append(code).Append(' ').Append(summary);
        Part(text, "asked for", asked);
        Part(text, "there is", found);
        Part(text, "do", remedy);
        Part(text, "more", $"docs/errors/{code}.md");
        return text.ToString();
    }

    private static void Part(StringBuilder text, string label, string value)
    {
        if (value.Length == 0) return;
        text.Append("\n  ").Append(label.PadRight(12)).Append(value.ReplaceLineEndings("\n              "));
    }
}
