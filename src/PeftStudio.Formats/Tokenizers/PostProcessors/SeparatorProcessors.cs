namespace PeftStudio.Formats.Tokenizers.PostProcessors;

/// <summary>A special token by content and id.</summary>
internal sealed record SpecialToken(string Content, int Id)
{
    internal EncodingPart ToPart(int typeId) => EncodingPart.OfSpecial([Id], [Content], typeId);
}

/// <summary>BERT: <c>[CLS] A [SEP]</c>, and for a pair <c>B [SEP]</c> with type 1 behind it.</summary>
internal sealed class BertProcessor(SpecialToken sep, SpecialToken cls) : PostProcessor
{
    internal override int AddedTokens(bool pair) => pair ? 3 : 2;

    internal override List<EncodingPart> Process(List<EncodingPart> parts, bool addSpecialTokens)
    {
        if (!addSpecialTokens) return parts;
        var result = new List<EncodingPart> { cls.ToPart(0) };
        for (var i = 0; i < parts.Count; i++) result.AddRange([parts[i], sep.ToPart(Math.Min(i, 1))]);
        return result;
    }
}

/// <summary>RoBERTa: <c>&lt;s&gt; A &lt;/s&gt;</c>, and for a pair <c>&lt;/s&gt; B &lt;/s&gt;</c> behind it, all of type 0.</summary>
internal sealed class RobertaProcessor(SpecialToken sep, SpecialToken cls, bool trimOffsets, bool addPrefixSpace) : PostProcessor
{
    internal override int AddedTokens(bool pair) => pair ? 4 : 2;

    internal override List<EncodingPart> Process(List<EncodingPart> parts, bool addSpecialTokens)
    {
        foreach (var part in parts)
        {
            if (trimOffsets) OffsetTrimming.Apply(part, addPrefixSpace);
            part.SetTypeIds(0);
            if (addSpecialTokens) part.Overflowing.ForEach(o => o.SetTypeIds(0));
        }

        if (!addSpecialTokens) return parts;
        var result = new List<EncodingPart>();
        for (var i = 0; i < parts.Count; i++) result.AddRange([(i == 0 ? cls : sep).ToPart(0), parts[i], sep.ToPart(0)]);
        return result;
    }
}

/// <summary>Byte-level: adds nothing, and takes the white space of a token's text out of its offsets if asked to.</summary>
internal sealed class ByteLevelProcessor(bool trimOffsets, bool addPrefixSpace) : PostProcessor
{
    internal override int AddedTokens(bool pair) => 0;

    internal override List<EncodingPart> Process(List<EncodingPart> parts, bool addSpecialTokens)
    {
        if (trimOffsets) parts.ForEach(part => OffsetTrimming.Apply(part, addPrefixSpace));
        return parts;
    }
}

/// <summary>Several post-processors, one after the other.</summary>
internal sealed class SequenceProcessor(IReadOnlyList<PostProcessor> processors) : PostProcessor
{
    internal override int AddedTokens(bool pair) => processors.Sum(p => p.AddedTokens(pair));

    internal override List<EncodingPart> Process(List<EncodingPart> parts, bool addSpecialTokens) =>
        processors.Aggregate(parts, (current, processor) => processor.Process(current, addSpecialTokens));
}
