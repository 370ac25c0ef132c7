using System.Text;

namespace PeftStudio.Formats.Tokenizers.Patterns;

/// <summary>Letters that count as one when case does not: by Unicode's simple folding, so that s, S and ſ are one, and k, K and the Kelvin sign.</summary>
internal static class CaseFolding
{
    private static readonly Dictionary<int, int[]> Others = new()
    {
        ['s'] = [0x17F], ['S'] = [0x17F], ['k'] = [0x212A], ['K'] = [0x212A], [0xE5] = [0x212B], [0xC5] = [0x212B],
        [0x3C3] = [0x3C2], [0x3A3] = [0x3C2], [0x3B8] = [0x3D1], [0x398] = [0x3D1], [0x3C9] = [0x2126], [0x3A9] = [0x2126],
        [0x3BC] = [0xB5], [0x39C] = [0xB5], [0xDF] = [0x1E9E],
    };

    internal static IEnumerable<int> VariantsOf(int codePoint)
    {
        if (!Rune.IsValid(codePoint)) yield break;
        var rune = new Rune(codePoint);
        var lower = Rune.ToLowerInvariant(rune);
        var upper = Rune.ToUpperInvariant(rune);
        yield return lower.Value;
        yield return upper.Value;
        yield return Rune.ToLowerInvariant(upper).Value;
        yield return Rune.ToUpperInvariant(lower).Value;
        foreach (var key in (int[])[codePoint, lower.Value, upper.Value])
        {
            if (!Others.TryGetValue(key, out var others)) continue;
            foreach (var other in others) yield return other;
        }
    }
}
