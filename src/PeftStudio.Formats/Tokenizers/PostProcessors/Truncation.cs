namespace PeftStudio.Formats.Tokenizers.PostProcessors;

/// <summary>Cuts one or two parts to a common length.</summary>
internal static class Truncation
{
    /// <summary>Cuts the parts in place.</summary>
    /// <param name="parts">One text or two.</param>
    /// <param name="options">Length and strategy.</param>
    /// <param name="added">Tokens that will still be added.</param>
    internal static void Apply(List<EncodingPart> parts, TruncationOptions options, int added)
    {
        var most = Math.Max(0, options.MaxLength - added);
        var total = parts.Sum(p => p.Count);
        if (most == 0)
        {
            for (var i = 0; i < parts.Count; i++) parts[i] = Cut(parts[i], 0, options);
            return;
        }

        if (total <= most) return;
        if (options.Strategy == TruncationStrategy.LongestFirst)
        {
            CutLongest(parts, most, options);
            return;
        }

        var target = options.Strategy == TruncationStrategy.OnlyFirst ? 0 : 1;
        if (target >= parts.Count) throw CannotCut("a second text to cut", "only one text");
        var left = parts[target].Count - (total - most);
        if (left <= 0) throw CannotCut($"at most {options.MaxLength} tokens by cutting one text of the pair", $"{total + added} tokens, {parts[target].Count} of them in that text");
        parts[target] = Cut(parts[target], left, options);
    }

    private static void CutLongest(List<EncodingPart> parts, int most, TruncationOptions options)
    {
        if (parts.Count == 1)
        {
            parts[0] = Cut(parts[0], most, options);
            return;
        }

        var firstIsShorter = parts[0].Count <= parts[1].Count;
        var shorter = Math.Min(parts[0].Count, parts[1].Count);
        var longer = shorter > most ? shorter : Math.Max(shorter, most - shorter);
        if (shorter + longer > most) (shorter, longer) = (most / 2, (most / 2) + (most % 2));
        parts[0] = Cut(parts[0], firstIsShorter ? shorter : longer, options);
        parts[1] = Cut(parts[1], firstIsShorter ? longer : shorter, options);
    }

    private static EncodingPart Cut(EncodingPart part, int most, TruncationOptions options)
    {
        if (part.Count <= most) return part;
        if (most == 0) return new EncodingPart { Overflowing = options.KeepOverflowing ? [part] : [] };
        if (options.Stride >= most || options.Stride < 0) throw CannotCut($"a stride of {options.Stride}", $"room for {most} tokens beside those that are added");
        var ranges = Ranges(part.Count, most, options);
        var (start, end) = ranges[0];
        var kept = part.Slice(start, end);
        kept.Overflowing = [.. ranges.Skip(1).Select(range => part.Slice(range.Start, range.End))];
        return kept;
    }

    /// <summary>The part that is kept, then those that overflow, each overlapping the one before by the stride.</summary>
    private static List<(int Start, int End)> Ranges(int count, int most, TruncationOptions options)
    {
        var ranges = new List<(int, int)>();
        for (var done = 0; ; done += most - options.Stride)
        {
            var until = Math.Min(done + most, count);
            ranges.Add(options.Side == TextSide.Right ? (done, until) : (count - until, count - done));
            if (until == count || !options.KeepOverflowing) return ranges;
        }
    }

    private static PeftStudioException CannotCut(string asked, string found) => new(
        ErrorCodes.CannotTruncate, "The encoding cannot be cut to the length asked for", asked, found,
        "Raise MaxLength, lower Stride, or use TruncationStrategy.LongestFirst.");
}
