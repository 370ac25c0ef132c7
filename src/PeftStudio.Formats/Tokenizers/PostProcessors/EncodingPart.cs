namespace PeftStudio.Formats.Tokenizers.PostProcessors;

/// <summary>An encoding under construction: one text, or what a post-processor puts around it. Parts are joined at the end.</summary>
internal sealed class EncodingPart
{
    internal List<int> Ids { get; init; } = [];

    internal List<int> TypeIds { get; init; } = [];

    internal List<string?> Tokens { get; init; } = [];

    /// <summary>Index of the word within its text; −1 for none.</summary>
    internal List<int> Words { get; init; } = [];

    internal List<TokenOffset> Offsets { get; init; } = [];

    internal List<bool> Special { get; init; } = [];

    internal List<bool> Attention { get; init; } = [];

    /// <summary>0 for the text, 1 for the second of a pair, −1 for tokens around them.</summary>
    internal List<int> Sequences { get; init; } = [];

    /// <summary>What truncation cut off, in parts of the same length.</summary>
    internal List<EncodingPart> Overflowing { get; set; } = [];

    /// <summary>The text that offsets count in, or the words of which each has offsets of its own; empty for added tokens.</summary>
    internal IReadOnlyList<string> Texts { get; init; } = [];

    internal int Count => Ids.Count;

    /// <summary>The text that the offset of a token counts in.</summary>
    internal string TextOf(int index) => Texts.Count switch
    {
        0 => "",
        1 => Texts[0],
        _ => Words[index] >= 0 ? Texts[Words[index]] : "",
    };

    /// <summary>A part that consists of added tokens.</summary>
    internal static EncodingPart OfSpecial(IReadOnlyList<int> ids, IReadOnlyList<string> tokens, int typeId)
    {
        var part = new EncodingPart();
        for (var i = 0; i < ids.Count; i++) part.Add(ids[i], tokens[i], typeId, -1, default, special: true, attention: true, -1);
        return part;
    }

    internal void Add(int id, string? token, int typeId, int word, TokenOffset offset, bool special, bool attention, int sequence)
    {
        Ids.Add(id);
        Tokens.Add(token);
        TypeIds.Add(typeId);
        Words.Add(word);
        Offsets.Add(offset);
        Special.Add(special);
        Attention.Add(attention);
        Sequences.Add(sequence);
    }

    internal void SetTypeIds(int typeId)
    {
        for (var i = 0; i < Count; i++) TypeIds[i] = typeId;
    }

    internal void SetSequence(int sequence)
    {
        for (var i = 0; i < Count; i++) Sequences[i] = sequence;
        Overflowing.ForEach(part => part.SetSequence(sequence));
    }

    /// <summary>A copy of tokens <paramref name="start"/> to <paramref name="end"/>, without overflow.</summary>
    internal EncodingPart Slice(int start, int end) => new()
    {
        Ids = Ids[start..end],
        TypeIds = TypeIds[start..end],
        Tokens = Tokens[start..end],
        Words = Words[start..end],
        Offsets = Offsets[start..end],
        Special = Special[start..end],
        Attention = Attention[start..end],
        Sequences = Sequences[start..end],
        Texts = Texts,
    };

    /// <summary>
    /// Appends another part. What both overflow is combined: each of ours with the other and with each of its overflows, then ourselves with each of those.
    /// </summary>
    internal void Append(EncodingPart other)
    {
        var overflowing = new List<EncodingPart>();
        foreach (var ours in Overflowing)
        {
            overflowing.Add(Joined(ours, other));
            overflowing.AddRange(other.Overflowing.Select(theirs => Joined(ours, theirs)));
        }

        overflowing.AddRange(other.Overflowing.Select(theirs => Joined(this, theirs)));
        AppendTokens(other);
        Overflowing = overflowing;
    }

    internal TokenEncoding ToEncoding() => new()
    {
        Ids = [.. Ids],
        TypeIds = [.. TypeIds],
        Offsets = [.. Offsets],
        AttentionMask = [.. Attention],
        SpecialTokensMask = [.. Special],
        WordIds = [.. Words.Select(word => word < 0 ? (int?)null : word)],
        SequenceIds = [.. Sequences.Select(sequence => sequence < 0 ? (int?)null : sequence)],
        Tokens = [.. Tokens.Select(token => token ?? "")],
        Overflowing = [.. Overflowing.Select(part => part.ToEncoding())],
    };

    private static EncodingPart Joined(EncodingPart first, EncodingPart second)
    {
        var joined = first.Slice(0, first.Count);
        joined.AppendTokens(second);
        return joined;
    }

    private void AppendTokens(EncodingPart other)
    {
        Ids.AddRange(other.Ids);
        TypeIds.AddRange(other.TypeIds);
        Tokens.AddRange(other.Tokens);
        Words.AddRange(other.Words);
        Offsets.AddRange(other.Offsets);
        Special.AddRange(other.Special);
        Attention.AddRange(other.Attention);
        Sequences.AddRange(other.Sequences);
    }
}
