using PeftStudio.Formats.Tokenizers.AddedTokens;
using PeftStudio.Formats.Tokenizers.Json;
using PeftStudio.Formats.Tokenizers.Models;
using PeftStudio.Formats.Tokenizers.Pipeline;
using PeftStudio.Formats.Tokenizers.PostProcessors;

namespace PeftStudio.Formats.Tokenizers.SentencePiece;

/// <summary>Builds the pipeline of a SentencePiece model: its normalisation, its algorithm, bos and eos, its decoding.</summary>
internal static class SentencePieceFactory
{
    /// <summary>Builds a tokenizer.</summary>
    /// <param name="file">The model.</param>
    /// <param name="configuration">Special tokens and limits.</param>
    /// <param name="added">Tokens cut out of the text before.</param>
    /// <param name="addBos">Whether a text begins with bos.</param>
    /// <param name="addEos">Whether a text ends with eos.</param>
    /// <param name="prefixOnlyAtStart">Whether the dummy prefix is left out behind added tokens.</param>
    internal static PipelineTokenizer Create(
        SentencePieceFile file, TokenizerConfiguration configuration, IReadOnlyList<AddedToken> added, bool addBos, bool addEos, bool prefixOnlyAtStart)
    {
        var pieces = new SentencePieceVocabulary(file);
        TokenModel model = file.Algorithm switch
        {
            PieceAlgorithm.Bpe => new ScoreBpeModel(pieces),
            PieceAlgorithm.Word => new WordModel(pieces),
            PieceAlgorithm.Char => new CharModel(pieces),
            _ => new SentencePieceUnigram(pieces),
        };
        var parts = new TokenizerJson
        {
            Model = model,
            Normalizer = new SentencePieceNormalizer(pieces, prefixOnlyAtStart),
            PostProcessor = Surround(file, addBos, addEos),
            Decoder = new SentencePieceDecoder(pieces),
            AddedTokens = added,
        };
        return new PipelineTokenizer(parts, WithDefaults(configuration, file));
    }

    /// <summary>bos and eos around each text; none where the model has no such piece.</summary>
    private static TemplateProcessor? Surround(SentencePieceFile file, bool addBos, bool addEos)
    {
        var bos = addBos ? Content(file, file.BosId) : null;
        var eos = addEos ? Content(file, file.EosId) : null;
        if (bos is null && eos is null) return null;
        return new TemplateProcessor([.. Around(0)], [.. Around(0), .. Around(1)]);

        IEnumerable<TemplateElement> Around(int sequence)
        {
            if (bos is not null) yield return new TemplateElement(-1, sequence, [file.BosId], [bos]);
            yield return new TemplateElement(sequence, sequence, [], []);
            if (eos is not null) yield return new TemplateElement(-1, sequence, [file.EosId], [eos]);
        }
    }

    /// <summary>Names that the configuration leaves out come from the model.</summary>
    private static TokenizerConfiguration WithDefaults(TokenizerConfiguration configuration, SentencePieceFile file) => configuration with
    {
        BosToken = configuration.BosToken ?? Content(file, file.BosId),
        EosToken = configuration.EosToken ?? Content(file, file.EosId),
        PadToken = configuration.PadToken ?? Content(file, file.PadId),
        UnknownToken = configuration.UnknownToken ?? Content(file, file.UnknownId),
    };

    private static string? Content(SentencePieceFile file, int id) => id >= 0 && id < file.Pieces.Count ? file.Pieces[id].Text : null;
}
