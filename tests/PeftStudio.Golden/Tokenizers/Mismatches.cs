using System.Text.Json;

namespace PeftStudio.Golden.Tokenizers;

/// <summary>Collects what differs over all lines of a case, so that one run shows the extent.</summary>
internal sealed class Mismatches
{
    private const int Shown = 12;
    private readonly List<string> _found = [];
    private int _compared;
    private int _count;

    internal void Compare<T>(IEnumerable<T> actual, IEnumerable<T> expected, string what)
    {
        _compared++;
        if (!actual.SequenceEqual(expected)) Add($"{what}\n    expected {string.Join(' ', expected)}\n    actual   {string.Join(' ', actual)}");
    }

    internal void Compare(string actual, string expected, string what)
    {
        _compared++;
        if (actual != expected) Add($"{what}\n    expected {Quote(expected)}\n    actual   {Quote(actual)}");
    }

    internal void Add(string what)
    {
        _count++;
        if (_found.Count < Shown) _found.Add(what);
    }

    internal void AssertNone()
    {
        Assert.That(_compared, Is.GreaterThan(0), "nothing was compared");
        Assert.That(_count, Is.Zero, $"{_count} of {_compared} comparisons differ:\n" + string.Join('\n', _found));
    }

    internal static string Quote(string text) => JsonSerializer.Serialize(text.Length <= 160 ? text : text[..160] + "…");
}
