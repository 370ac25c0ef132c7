namespace PeftStudio.Formats.Tokenizers;

/// <summary>Fills encodings up to a common length.</summary>
public sealed record PaddingOptions
{
    /// <summary>Length to fill up to, or null for the longest of the batch.</summary>
    public int? Length { get; init; }

    /// <summary>Where padding goes. Right unless set; generation in batches needs left.</summary>
    public TextSide Side { get; init; }

    /// <summary>Rounds the length up to a multiple of this; 0 or null for no rounding.</summary>
    public int? MultipleOf { get; init; }

    /// <summary>Id of the padding token.</summary>
    public required int Id { get; init; }

    /// <summary>Content of the padding token, for <see cref="TokenEncoding.Tokens"/>.</summary>
    public string Token { get; init; } = "[PAD]";

    /// <summary>Type id of padding; 0 unless set.</summary>
    public int TypeId { get; init; }
}
