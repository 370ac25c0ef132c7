namespace PeftStudio.Formats.Tokenizers.PostProcessors;

/// <summary>One element of a template: a text, or special tokens.</summary>
/// <param name="Sequence">0 or 1 for a text, −1 for special tokens.</param>
/// <param name="TypeId">Type id of all its tokens.</param>
/// <param name="Ids">Ids of the special tokens.</param>
/// <param name="Tokens">Contents of the special tokens.</param>
internal sealed record TemplateElement(int Sequence, int TypeId, IReadOnlyList<int> Ids, IReadOnlyList<string> Tokens);

/// <summary>Lays texts and special tokens out as a template says: one template for a single text, one for a pair.</summary>
internal sealed class TemplateProcessor(IReadOnlyList<TemplateElement> single, IReadOnlyList<TemplateElement> pair) : PostProcessor
{
    internal override int AddedTokens(bool isPair) => (isPair ? pair : single).Sum(e => e.Ids.Count);

    internal override List<EncodingPart> Process(List<EncodingPart> parts, bool addSpecialTokens)
    {
        var template = parts.Count switch
        {
            1 => single,
            2 => pair,
            _ => throw TokenizerErrors.Invalid("a template for one text or two", $"a post-processor in front of it that makes {parts.Count} parts"),
        };
        var result = new List<EncodingPart>();
        foreach (var element in template)
        {
            if (element.Sequence < 0)
            {
                if (addSpecialTokens) result.Add(EncodingPart.OfSpecial(element.Ids, element.Tokens, element.TypeId));
                continue;
            }

            if (element.Sequence >= parts.Count) throw TokenizerErrors.Invalid("a template for a single text", "a template that uses a second text");
            var part = parts[element.Sequence];
            part.SetTypeIds(element.TypeId);
            result.Add(part);
        }

        return result;
    }
}
