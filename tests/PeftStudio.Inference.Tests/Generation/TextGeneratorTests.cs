using System.Text;
using PeftStudio.Inference.Tests.Support;

namespace PeftStudio.Inference.Tests.Generation;

[TestFixture]
public sealed class TextGeneratorTests
{
    private static readonly GenerationOptions Greedy = new() { Temperature = 0, RepetitionPenalty = 1, MaxTokens = 20 };

    [Test]
    public void Characters_of_several_tokens_come_out_whole()
    {
        // One token a byte: € takes three, 😀 four.
        var pieces = Answer("a€b😀c").Where(p => p.Text.Length > 0).Select(p => p.Text).ToArray();
        Assert.That(pieces, Is.EqualTo(new[] { "a", "€", "b", "😀", "c" }));
    }

    [Test]
    public void Bytes_that_are_no_character_come_out_as_replacements_at_the_end()
    {
        using var scripted = new Script([[0xE2], [0x82]]);
        Assert.That(scripted.Text(Greedy), Is.EqualTo("\uFFFD"));
    }

    [Test]
    public void Many_bytes_that_never_become_a_character_do_not_wait_for_ever()
    {
        using var scripted = new Script([.. Enumerable.Range(0x80, 20).Select(b => new[] { (byte)b })]);
        var pieces = scripted.Run(Greedy with { MaxTokens = 20 }).ToArray();
        Assert.That(pieces, Has.Length.GreaterThan(1));
        Assert.That(string.Concat(pieces.Select(p => p.Text)), Is.EqualTo(new string('\uFFFD', 20)));
    }

    [Test]
    public void The_end_of_a_text_is_told_with_the_last_piece()
    {
        var pieces = Answer("xy");
        Assert.That(pieces[^1].Finish, Is.EqualTo(FinishReason.EndOfText));
        Assert.That(pieces[^1].TokenCount, Is.EqualTo(3), "the token that ends the text counts");
        Assert.That(pieces.SkipLast(1).Select(p => p.Finish), Is.All.Null);
    }

    [Test]
    public void A_stop_string_that_begins_in_one_token_and_ends_in_another_ends_the_answer_before_it()
    {
        using var scripted = new Script([.. Bytes("one", " tw", "o th", "ree")]);
        var pieces = scripted.Run(Greedy with { StopStrings = ["two", "zzz"] }).ToArray();
        Assert.That(string.Concat(pieces.Select(p => p.Text)), Is.EqualTo("one "));
        Assert.That(pieces[^1].Finish, Is.EqualTo(FinishReason.StopString));
        Assert.That(pieces[^1].TokenCount, Is.EqualTo(3));
    }

    [Test]
    public void What_may_begin_a_stop_string_is_kept_back_and_told_later()
    {
        using var scripted = new Script([.. Bytes("a", "ST", "O", "b")]);
        var pieces = scripted.Run(Greedy with { StopStrings = ["STOP"] }).Where(p => p.Text.Length > 0).Select(p => p.Text);
        Assert.That(pieces, Is.EqualTo(new[] { "a", "STOb" }));
    }

    [Test]
    public void What_was_kept_back_is_told_at_the_end()
    {
        using var scripted = new Script([.. Bytes("a", "ST", "O")]);
        Assert.That(scripted.Text(Greedy with { StopStrings = ["STOP"] }), Is.EqualTo("aSTO"));
    }

    [Test]
    public void The_earliest_stop_string_counts()
    {
        using var scripted = new Script([.. Bytes("abcdef")]);
        Assert.That(scripted.Text(Greedy with { StopStrings = ["ef", "cd", "d"] }), Is.EqualTo("ab"));
    }

    [Test]
    public void The_length_is_told_when_nothing_else_ends_the_answer()
    {
        using var scripted = new Script([.. Bytes("a", "b", "c")]);
        var pieces = scripted.Run(Greedy with { MaxTokens = 2 }).ToArray();
        Assert.That(string.Concat(pieces.Select(p => p.Text)), Is.EqualTo("ab"));
        Assert.That(pieces[^1].Finish, Is.EqualTo(FinishReason.Length));
    }

    [Test]
    public void Ids_beyond_the_tokenizer_are_never_generated()
    {
        // The model would go on with an id that the tokenizer does not know; the best of the others comes instead.
        using var checkpoint = TinyCheckpoint.Chain([.. Enumerable.Repeat(299, 300)], vocabulary: 300, context: 64);
        using var model = DecodeModel.Load(checkpoint.Checkpoint);
        var pieces = new TextGenerator(model, new ByteTokenizer()).Generate("q", Greedy with { MaxTokens = 1, EosTokenIds = [] }).ToArray();
        Assert.That(pieces, Has.Length.EqualTo(1));
        Assert.That(pieces[0].Text, Is.EqualTo("\0"));
    }

    [Test]
    public async Task Streaming_gives_the_same_and_frees_its_session()
    {
        using var scripted = new Script([.. Bytes("one", "two")]);
        var text = new StringBuilder();
        await foreach (var piece in new TextGenerator(scripted.Model, scripted.Tokenizer).GenerateAsync(Script.Prompt, Greedy)) text.Append(piece.Text);
        Assert.That(text.ToString(), Is.EqualTo("onetwo"));
    }

    [Test]
    public void Refusals_come_at_once()
    {
        using var scripted = new Script([.. Bytes("x")]);
        var generator = new TextGenerator(scripted.Model, scripted.Tokenizer);
        Assert.That(() => generator.Generate("", Greedy), Refused(ErrorCodes.EmptyPrompt));
        Assert.That(() => generator.Generate("a", Greedy, adapter: "no"), Refused(ErrorCodes.UnknownAdapter));
        Assert.That(() => generator.Generate("a", Greedy with { MaxTokens = 4000 }), Refused(ErrorCodes.ContextExceeded));
    }

    private static NUnit.Framework.Constraints.IResolveConstraint Refused(string code) =>
        Throws.InstanceOf<PeftStudioException>().With.Property(nameof(PeftStudioException.Code)).EqualTo(code);

    private static GeneratedText[] Answer(string text)
    {
        using var script = new Script([.. Encoding.UTF8.GetBytes(text).Select(b => new[] { b })]);
        return script.Run(Greedy).ToArray();
    }

    private static IEnumerable<byte[]> Bytes(params string[] tokens) => tokens.Select(Encoding.UTF8.GetBytes);

    /// <summary>A model that answers the prompt with given tokens, then ends the text.</summary>
    private sealed class Script : IDisposable
    {
        internal const string Prompt = "?";

        private readonly TinyCheckpoint _checkpoint;
        private readonly int _end;

        internal Script(byte[][] tokens)
        {
            Tokenizer = new ByteTokenizer(tokens);
            _end = Tokenizer.Special;
            var successors = Enumerable.Repeat(_end, Tokenizer.VocabularySize).ToArray();
            successors['?'] = ByteTokenizer.FirstMore;
            for (var i = 0; i < tokens.Length; i++) successors[ByteTokenizer.FirstMore + i] = ByteTokenizer.FirstMore + i + 1;
            _checkpoint = TinyCheckpoint.Chain(successors);
            Model = DecodeModel.Load(_checkpoint.Checkpoint, new() { Threads = 1 });
        }

        internal ByteTokenizer Tokenizer { get; }

        internal DecodeModel Model { get; }

        internal IEnumerable<GeneratedText> Run(GenerationOptions options) =>
            new TextGenerator(Model, Tokenizer).Generate(Prompt, options with { EosTokenIds = [_end] });

        internal string Text(GenerationOptions options) => string.Concat(Run(options).Select(p => p.Text));

        public void Dispose()
        {
            Model.Dispose();
            _checkpoint.Dispose();
        }
    }
}
