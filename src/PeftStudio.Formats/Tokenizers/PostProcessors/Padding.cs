namespace PeftStudio.Formats.Tokenizers.PostProcessors;

/// <summary>Fills encodings up.</summary>
internal static class Padding
{
    /// <summary>The length a batch is filled up to.</summary>
    internal static int LengthFor(IEnumerable<EncodingPart> batch, PaddingOptions options)
    {
        var length = options.Length ?? batch.Select(part => part.Count).DefaultIfEmpty().Max();
        return options.MultipleOf is > 0 and { } multiple ? checked((length + multiple - 1) / multiple * multiple) : length;
    }

    /// <summary>Fills a part and all its overflow up to <paramref name="length"/> tokens.</summary>
    internal static EncodingPart Apply(EncodingPart part, int length, PaddingOptions options)
    {
        var missing = length - part.Count;
        var overflowing = part.Overflowing.ConvertAll(overflow => Apply(overflow, length, options));
        var result = part;
        if (missing > 0)
        {
            var padding = new EncodingPart();
            for (var i = 0; i < missing; i++) padding.Add(options.Id, options.Token, options.TypeId, -1, default, special: true, attention: false, -1);
            var bare = part.Slice(0, part.Count);
            result = options.Side == TextSide.Left ? padding : bare;
            result.Append(options.Side == TextSide.Left ? bare : padding);
        }

        result.Overflowing = overflowing;
        return result;
    }
}
