using System.Text;

namespace PeftStudio.Engine.Diagnostics;

/// <summary>All findings of one examination, in the order of the checks.</summary>
/// <param name="Findings">The findings.</param>
public sealed record DoctorReport(IReadOnlyList<DoctorFinding> Findings)
{
    private const int StatusWidth = 9;
    private const string RemedyLabel = "do: ";

    /// <summary>Whether nothing failed; warnings do not count.</summary>
    public bool Healthy => Findings.All(f => f.Status != DoctorStatus.Failed);

    /// <summary>Plain text in three columns: status, name, what was found; remedies on lines of their own.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var nameWidth = Findings.Select(f => f.Name.Length).DefaultIfEmpty().Max() + 2;
        foreach (var finding in Findings)
        {
            text.Append(finding.Status.ToString().ToLowerInvariant().PadRight(StatusWidth)).Append(finding.Name.PadRight(nameWidth));
            AppendIndented(text, finding.Found, StatusWidth + nameWidth);
            if (finding.Remedy.Length == 0) continue;
            text.Append(' ', StatusWidth + nameWidth).Append(RemedyLabel);
            AppendIndented(text, finding.Remedy, StatusWidth + nameWidth + RemedyLabel.Length);
        }

        return text.Append(Healthy ? "This machine can train." : "This machine cannot train yet.").ToString();
    }

    private static void AppendIndented(StringBuilder text, string value, int indent) =>
        text.Append(value.ReplaceLineEndings("\n" + new string(' ', indent))).Append('\n');
}
