namespace PeftStudio.Formats.Tokenizers.Unicode;

/// <summary>
/// The four Unicode normalization forms over the tables of Unicode 11, as the reference implementation has them. The framework's own
/// <c>string.Normalize</c> follows whatever ICU is installed, and does nothing at all in globalization-invariant mode.
/// </summary>
internal sealed class Normalization
{
    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int VowelCount = 21, TrailCount = 28, HangulCount = 11172;

    private static readonly UnicodeTables Tables = UnicodeTables.Instance;
    private static readonly Dictionary<(bool Compatibility, bool Compose), Normalization> Forms = new()
    {
        [(false, false)] = new(false, false), [(false, true)] = new(false, true),
        [(true, false)] = new(true, false), [(true, true)] = new(true, true),
    };

    private readonly Dictionary<int, int[]> _decompositions = [];
    private readonly HashSet<int> _unstable = [];

    private Normalization(bool compatibility, bool compose)
    {
        Composes = compose;
        foreach (var code in Tables.Canonical.Keys) _decompositions[code] = Expand(code, compatibility);
        if (compatibility)
        {
            foreach (var code in Tables.Compatibility.Keys) _decompositions[code] = Expand(code, compatibility);
        }

        var composites = new HashSet<int>(Tables.Composites.Values);
        foreach (var code in _decompositions.Keys)
        {
            if (!compose || !composites.Contains(code) || (compatibility && !IsPlainComposite(code))) _unstable.Add(code);
        }

        _unstable.UnionWith(Tables.CombiningClasses.Keys);
        if (compose) _unstable.UnionWith(Tables.Composites.Keys.Select(pair => pair.Second));
    }

    /// <summary>Whether characters are put together again after they were taken apart (NFC, NFKC).</summary>
    internal bool Composes { get; }

    internal static Normalization Form(bool compatibility, bool compose) => Forms[(compatibility, compose)];

    /// <summary>Canonical combining class; 0 for what is not a combining mark.</summary>
    internal static int ClassOf(int codePoint) => codePoint < 0x300 ? 0 : Tables.CombiningClasses.GetValueOrDefault(codePoint);

    /// <summary>True if a text without any unstable character is certainly in this form already.</summary>
    internal bool IsUnstable(int codePoint)
    {
        if (codePoint < 0x80) return false;
        if (codePoint is >= HangulBase and < HangulBase + HangulCount) return !Composes;
        if (Composes && codePoint is (>= VowelBase and < VowelBase + VowelCount) or (> TrailBase and < TrailBase + TrailCount)) return true;
        return _unstable.Contains(codePoint);
    }

    /// <summary>Appends the full decomposition of a code point.</summary>
    internal void Decompose(int codePoint, List<int> target)
    {
        var hangul = codePoint - HangulBase;
        if ((uint)hangul < HangulCount)
        {
            target.Add(LeadBase + (hangul / (VowelCount * TrailCount)));
            target.Add(VowelBase + (hangul % (VowelCount * TrailCount) / TrailCount));
            if (hangul % TrailCount != 0) target.Add(TrailBase + (hangul % TrailCount));
        }
        else if (codePoint >= 0x80 && _decompositions.TryGetValue(codePoint, out var parts))
        {
            target.AddRange(parts);
        }
        else
        {
            target.Add(codePoint);
        }
    }

    /// <summary>What two neighbours compose to, or −1.</summary>
    internal static int Compose(int first, int second)
    {
        if (first is >= LeadBase and < LeadBase + 19 && second is >= VowelBase and < VowelBase + VowelCount)
        {
            return HangulBase + ((((first - LeadBase) * VowelCount) + second - VowelBase) * TrailCount);
        }

        var hangul = first - HangulBase;
        if ((uint)hangul < HangulCount && hangul % TrailCount == 0 && second is > TrailBase and < TrailBase + TrailCount) return first + second - TrailBase;
        return Tables.Composites.TryGetValue((first, second), out var composite) ? composite : -1;
    }

    private static int[] Expand(int codePoint, bool compatibility)
    {
        if (!Tables.Canonical.TryGetValue(codePoint, out var parts)
            && !(compatibility && Tables.Compatibility.TryGetValue(codePoint, out parts)))
        {
            return [codePoint];
        }

        return [.. parts!.SelectMany(part => Expand(part, compatibility))];
    }

    /// <summary>A composite whose parts do not decompose further by compatibility comes back as it was.</summary>
    private static bool IsPlainComposite(int codePoint) => Expand(codePoint, false).AsSpan().SequenceEqual(Expand(codePoint, true));
}
