namespace PeftStudio.Inference.Generation.Text;

/// <summary>Lets text through up to the first stop string; keeps back what may be the beginning of one.</summary>
/// <param name="stops">Texts of at least one character.</param>
internal sealed class StopStringMatcher(IReadOnlyList<string> stops)
{
    private string _held = string.Empty;

    /// <summary>Whether a stop string has occurred.</summary>
    internal bool Stopped { get; private set; }

    /// <summary>Adds text and returns what may be shown.</summary>
    internal string Add(string text)
    {
        if (Stopped) return string.Empty;
        if (stops.Count == 0) return text;
        _held += text;
        var first = stops.Select(s => _held.IndexOf(s, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
        Stopped = first >= 0;
        var shown = Stopped ? first : _held.Length - HeldBack();
        var result = _held[..shown];
        _held = Stopped ? string.Empty : _held[shown..];
        return result;
    }

    /// <summary>What was kept back, when no more text comes.</summary>
    internal string Finish()
    {
        var result = _held;
        _held = string.Empty;
        return result;
    }

    // Length of the longest end of the text that begins a stop string.
    private int HeldBack()
    {
        var longest = 0;
        foreach (var stop in stops)
        {
            for (var length = Math.Min(stop.Length - 1, _held.Length); length > longest; length--)
            {
                if (_held.EndsWith(stop[..length], StringComparison.Ordinal)) longest = length;
            }
        }

        return longest;
    }
}
