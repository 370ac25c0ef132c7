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

    internal int Count => Ids.Count;

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
        foreach (var part in Overflowing) part.SetTypeIds(typeId);
    }

    internal void SetSequence(int sequence)
    {
        for (var i = 0; i < Count; i++) Sequences[i] = sequence;
    }
}
