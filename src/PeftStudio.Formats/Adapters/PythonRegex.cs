using System.Text.RegularExpressions;

namespace PeftStudio.Formats.Adapters;

/// <summary>
/// Patterns of an adapter configuration, which Python's <c>re</c> would run. They come from files of strangers: each match has a time limit.
/// </summary>
internal static class PythonRegex
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary><c>re.fullmatch</c>.</summary>
    internal static bool FullMatch(string pattern, string text) => Create($@"\A(?:{Portable(pattern)})\z", pattern).IsMatch(text);

    /// <summary><c>re.match</c>: anchored at the start only. Group 1 of the match, or null.</summary>
    internal static string? FirstGroup(string pattern, string text)
    {
        var match = Create($@"\A(?:{Portable(pattern)})", pattern).Match(text);
        return match.Success ? match.Groups[1].Value : null;
    }

    /// <summary>Whether <c>re.match</c> finds the pattern at the start.</summary>
    internal static bool MatchesStart(string pattern, string text) => Create($@"\A(?:{Portable(pattern)})", pattern).IsMatch(text);

    // Python's $ and \Z, .NET's \Z: module paths hold no line feed, so only \Z differs.
    private static string Portable(string pattern) => pattern.Replace(@"\Z", @"\z", StringComparison.Ordinal);

    private static Regex Create(string pattern, string shown)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, Limit);
        }
        catch (ArgumentException e)
        {
            throw new PeftStudioException(
                ErrorCodes.InvalidAdapterConfiguration, "pattern is not a regular expression", shown, e.Message,
                "correct the pattern, or use a list of module names", e);
        }
    }
}
