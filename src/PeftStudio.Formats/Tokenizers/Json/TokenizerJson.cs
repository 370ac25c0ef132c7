using System.Text.Json;
using PeftStudio.Formats.Tokenizers.AddedTokens;
using PeftStudio.Formats.Tokenizers.Decoders;
using PeftStudio.Formats.Tokenizers.Models;
using PeftStudio.Formats.Tokenizers.Normalizers;
using PeftStudio.Formats.Tokenizers.PostProcessors;
using PeftStudio.Formats.Tokenizers.PreTokenizers;

namespace PeftStudio.Formats.Tokenizers.Json;

/// <summary>The parts of a <c>tokenizer.json</c>, built from it as it stands.</summary>
internal sealed class TokenizerJson
{
    internal required TokenModel Model { get; init; }

    internal Normalizer? Normalizer { get; init; }

    internal PreTokenizer? PreTokenizer { get; init; }

    internal PostProcessor? PostProcessor { get; init; }

    internal TokenDecoder? Decoder { get; init; }

    internal required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    internal TruncationOptions? Truncation { get; init; }

    internal PaddingOptions? Padding { get; init; }

    /// <summary>The same tokenizer with another post-processor.</summary>
    internal TokenizerJson With(PostProcessor? postProcessor) => new()
    {
        Model = Model, Normalizer = Normalizer, PreTokenizer = PreTokenizer, PostProcessor = postProcessor, Decoder = Decoder, AddedTokens = AddedTokens,
    };

    /// <summary>Reads a file's bytes.</summary>
    /// <exception cref="PeftStudioException">PS1101: the file is malformed or uses an unknown component.</exception>
    internal static TokenizerJson Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        try
        {
            return ReadMembers(utf8);
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            throw TokenizerErrors.Invalid("a tokenizer.json", cause.Message, cause);
        }
    }

    private static TokenizerJson ReadMembers(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw TokenizerErrors.Invalid("a JSON object", "another JSON value");
        TokenModel? model = null;
        IReadOnlyList<AddedToken> added = [];
        JsonElement normalizer = default, preTokenizer = default, postProcessor = default, decoder = default, truncation = default, padding = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "version":
                    CheckVersion(ref reader);
                    break;
                case "added_tokens":
                    added = AddedTokenReader.Read(JsonElement.ParseValue(ref reader));
                    break;
                case "normalizer":
                    normalizer = JsonElement.ParseValue(ref reader);
                    break;
                case "pre_tokenizer":
                    preTokenizer = JsonElement.ParseValue(ref reader);
                    break;
                case "post_processor":
                    postProcessor = JsonElement.ParseValue(ref reader);
                    break;
                case "decoder":
                    decoder = JsonElement.ParseValue(ref reader);
                    break;
                case "truncation":
                    truncation = JsonElement.ParseValue(ref reader);
                    break;
                case "padding":
                    padding = JsonElement.ParseValue(ref reader);
                    break;
                case "model":
                    model = ModelReader.Read(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (reader.Read()) throw TokenizerErrors.Invalid("one JSON object", "more text behind it");
        return new TokenizerJson
        {
            Model = model ?? throw TokenizerErrors.Invalid("a model", "no member 'model'"),
            Normalizer = NormalizerReader.Read(normalizer),
            PreTokenizer = PreTokenizerReader.Read(preTokenizer),
            PostProcessor = PostProcessorReader.Read(postProcessor),
            Decoder = DecoderReader.Read(decoder),
            AddedTokens = added,
            Truncation = LengthReader.ReadTruncation(truncation),
            Padding = LengthReader.ReadPadding(padding),
        };
    }

    private static void CheckVersion(ref Utf8JsonReader reader)
    {
        var version = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        if (version != "1.0") throw TokenizerErrors.Invalid("version \"1.0\"", $"version {version ?? reader.TokenType.ToString()}");
    }
}
