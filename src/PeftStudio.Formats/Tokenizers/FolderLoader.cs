using System.Text;
using PeftStudio.Formats.Tokenizers.AddedTokens;
using PeftStudio.Formats.Tokenizers.Decoders;
using PeftStudio.Formats.Tokenizers.Json;
using PeftStudio.Formats.Tokenizers.Models;
using PeftStudio.Formats.Tokenizers.Normalizers;
using PeftStudio.Formats.Tokenizers.Pipeline;
using PeftStudio.Formats.Tokenizers.PostProcessors;
using PeftStudio.Formats.Tokenizers.PreTokenizers;
using PeftStudio.Formats.Tokenizers.SentencePiece;

namespace PeftStudio.Formats.Tokenizers;

/// <summary>Checkpoints without a tokenizer.json: SentencePiece models, GPT-2's two files, BERT's word list. What they leave out follows from their class.</summary>
internal static class FolderLoader
{
    private static readonly string[] SentencePieceNames = ["tokenizer.model", "spiece.model", "sentencepiece.bpe.model"];

    /// <summary>The first of the known files in a folder, in the order in which they win; null if there is none.</summary>
    internal static string? FindFile(string folder)
    {
        string[] candidates = ["tokenizer.json", .. SentencePieceNames, "vocab.json", "vocab.txt"];
        return candidates.Select(name => Path.Combine(folder, name)).FirstOrDefault(file =>
            File.Exists(file) && (!file.EndsWith("vocab.json", StringComparison.Ordinal) || File.Exists(Path.Combine(folder, "merges.txt"))));
    }

    /// <summary>Loads a file of any known kind, with what lies beside it.</summary>
    internal static Tokenizer Load(string file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var extras = ConfigurationExtras.Read(folder);
        var bytes = ReadBytes(file);
        return Path.GetFileName(file) switch
        {
            "vocab.json" or "merges.txt" => LoadGpt2(Path.Combine(folder, "vocab.json"), Path.Combine(folder, "merges.txt"), extras),
            "vocab.txt" => LoadBert(bytes, extras),
            _ when SentencePieceFile.LooksLikeOne(bytes) => LoadSentencePiece(bytes, extras),
            _ => new PipelineTokenizer(TokenizerJson.Read(bytes), extras.Configuration),
        };
    }

    private static PipelineTokenizer LoadSentencePiece(byte[] bytes, ConfigurationExtras extras)
    {
        var file = SentencePieceFile.Read(bytes);
        var isT5 = extras.ClassIs("T5") || extras.ClassIs("MT5");
        var addBos = extras.Flag("add_bos_token") ?? (file.Algorithm == PieceAlgorithm.Bpe && !isT5);
        var addEos = extras.Flag("add_eos_token") ?? isT5;
        var added = extras.Exists ? extras.AddedTokens(text => file.Pieces.FindIndex(p => p.Text == text)) : [];
        return SentencePieceFactory.Create(file, extras.Configuration, added, addBos, addEos, prefixOnlyAtStart: extras.Flag("legacy") == false);
    }

    /// <summary>GPT-2's form: byte-level BPE with its regular expression; special tokens from the configuration.</summary>
    private static PipelineTokenizer LoadGpt2(string vocabularyFile, string mergesFile, ConfigurationExtras extras)
    {
        var vocabulary = new Vocabulary(ModelReader.ReadVocabularyFile(ReadBytes(vocabularyFile)));
        var merges = Lines(ReadBytes(mergesFile)).Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal))
            .Select(ModelReader.SplitMerge).ToList();
        var addPrefixSpace = extras.Flag("add_prefix_space") ?? false;
        var addBos = extras.Flag("add_bos_token") ?? false;
        var bos = extras.Configuration.BosToken is { } content && vocabulary.IdOf(content) is { } id ? new SpecialToken(content, id) : null;
        var isRoberta = extras.ClassIs("Roberta") || extras.ClassIs("Bart") || extras.ClassIs("Longformer") || extras.ClassIs("LED");
        return new PipelineTokenizer(
            new TokenizerJson
            {
                Model = new BpeModel(vocabulary, merges, new BpeSettings { UnknownToken = isRoberta ? extras.Configuration.UnknownToken ?? "<unk>" : null }),
                PreTokenizer = new ByteLevelPreTokenizer(addPrefixSpace, useRegex: true),
                PostProcessor = isRoberta ? RobertaProcessor(vocabulary, addPrefixSpace)
                    : addBos && bos is not null ? Begin(bos)
                    : new ByteLevelProcessor(trimOffsets: false, addPrefixSpace),
                Decoder = new ByteLevelDecoder(),
                AddedTokens = extras.AddedTokens(text => vocabulary.IdOf(text) ?? -1),
            },
            extras.Configuration);
    }

    /// <summary>BERT's form: a word list, one token a line; cased or not as the configuration says.</summary>
    private static PipelineTokenizer LoadBert(byte[] bytes, ConfigurationExtras extras)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (index, line) in Lines(bytes).Index()) ids[line.TrimEnd()] = index;
        var vocabulary = new Vocabulary(ids);
        var configuration = extras.Configuration with
        {
            UnknownToken = extras.Configuration.UnknownToken ?? "[UNK]",
            PadToken = extras.Configuration.PadToken ?? "[PAD]",
        };
        var (cls, sep) = (extras.Content("cls_token") ?? "[CLS]", extras.Content("sep_token") ?? "[SEP]");
        var lowercase = extras.Flag("do_lower_case") ?? true;
        var specials = new[] { configuration.PadToken, configuration.UnknownToken, cls, sep, extras.Content("mask_token") ?? "[MASK]" };
        var listed = extras.AddedTokens(text => vocabulary.IdOf(text) ?? -1);
        var own = specials.Where(text => ids.ContainsKey(text) && listed.All(token => token.Content != text))
            .Select(text => new AddedToken(ids[text], text, false, false, false, Normalized: false, Special: true));
        return new PipelineTokenizer(
            new TokenizerJson
            {
                Model = new WordPieceModel(vocabulary, ids, configuration.UnknownToken, "##", 100),
                Normalizer = BertNormalizer.Create(true, extras.Flag("tokenize_chinese_chars") ?? true, extras.Flag("strip_accents") ?? lowercase, lowercase),
                PreTokenizer = new SequencePreTokenizer([new WhitespaceSplitPreTokenizer(), new PunctuationPreTokenizer(SplitBehavior.Isolated)]),
                PostProcessor = ids.TryGetValue(cls, out var clsId) && ids.TryGetValue(sep, out var sepId)
                    ? new BertProcessor(new SpecialToken(sep, sepId), new SpecialToken(cls, clsId))
                    : null,
                Decoder = new WordPieceDecoder("##", cleanup: true),
                AddedTokens = [.. own, .. listed],
            },
            configuration);
    }

    private static RobertaProcessor RobertaProcessor(Vocabulary vocabulary, bool addPrefixSpace) => new(
        new SpecialToken("</s>", vocabulary.IdOf("</s>") ?? throw Missing("</s>")),
        new SpecialToken("<s>", vocabulary.IdOf("<s>") ?? throw Missing("<s>")),
        trimOffsets: true,
        addPrefixSpace);

    private static TemplateProcessor Begin(SpecialToken bos)
    {
        TemplateElement[] Around(int sequence) => [new(-1, sequence, [bos.Id], [bos.Content]), new(sequence, sequence, [], [])];
        return new TemplateProcessor(Around(0), [.. Around(0), .. Around(1)]);
    }

    private static PeftStudioException Missing(string token) => TokenizerErrors.Invalid($"the special token '{token}'", "no such token in vocab.json");

    /// <summary>Lines of a text file, with or without carriage returns.</summary>
    private static IEnumerable<string> Lines(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
        var lines = text.Split('\n');
        return lines.Take(lines[^1].Length == 0 ? lines.Length - 1 : lines.Length).Select(line => line.TrimEnd('\r'));
    }

    private static byte[] ReadBytes(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (IOException cause)
        {
            throw TokenizerErrors.Invalid($"the file '{file}'", cause.Message, cause);
        }
    }
}
