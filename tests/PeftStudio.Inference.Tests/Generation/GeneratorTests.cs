using PeftStudio.Inference.Tests.Support;

namespace PeftStudio.Inference.Tests.Generation;

[TestFixture]
public sealed class GeneratorTests
{
    private static readonly GenerationOptions Greedy = new() { Temperature = 0, RepetitionPenalty = 1, MaxTokens = 6, EosTokenIds = [] };

    // 0 → 1 → 2 → … → 9 → 0
    private static readonly int[] Ring = [.. Enumerable.Range(0, 10).Select(i => (i + 1) % 10)];

    private TinyCheckpoint _checkpoint = null!;
    private DecodeModel _model = null!;

    [OneTimeSetUp]
    public void Load()
    {
        _checkpoint = TinyCheckpoint.Chain(Ring, context: 40);
        _model = DecodeModel.Load(_checkpoint.Checkpoint, new() { Threads = 1 });
    }

    [OneTimeTearDown]
    public void Unload()
    {
        _model.Dispose();
        _checkpoint.Dispose();
    }

    [Test]
    public void An_answer_ends_at_its_length()
    {
        using var session = _model.CreateSession();
        var tokens = new Generator(session).Generate(new[] { 3 }, Greedy).ToArray();
        Assert.That(tokens.Select(t => t.Id), Is.EqualTo(new[] { 4, 5, 6, 7, 8, 9 }));
        Assert.That(tokens.Select(t => t.Index), Is.EqualTo(new[] { 0, 1, 2, 3, 4, 5 }));
        Assert.That(tokens.Select(t => t.Finish), Is.EqualTo(new FinishReason?[] { null, null, null, null, null, FinishReason.Length }));
    }

    [Test]
    public void An_id_that_ends_a_text_ends_the_answer_and_wins_over_the_length([Values(3, 6)] int maxTokens)
    {
        using var session = _model.CreateSession();
        var tokens = new Generator(session).Generate(new[] { 3 }, Greedy with { EosTokenIds = [6, 8], MaxTokens = maxTokens }).ToArray();
        Assert.That(tokens.Select(t => t.Id), Is.EqualTo(new[] { 4, 5, 6 }));
        Assert.That(tokens[^1].Finish, Is.EqualTo(FinishReason.EndOfText));
    }

    [Test]
    public void A_conversation_goes_on_in_its_session()
    {
        using var session = _model.CreateSession();
        var generator = new Generator(session);
        var first = generator.Generate(new[] { 0, 1 }, Greedy with { MaxTokens = 3 }).Select(t => t.Id).ToArray();
        var second = generator.Generate(new[] { first[^1], 8 }, Greedy with { MaxTokens = 2 }).Select(t => t.Id).ToArray();
        Assert.That(second, Is.EqualTo(new[] { 9, 0 }));
        Assert.That(session.Tokens.ToArray(), Is.EqualTo(new[] { 0, 1, 2, 3, 4, 8, 9 }));
    }

    [Test]
    public void Prompt_and_answer_beyond_the_context_are_refused_with_numbers_before_anything_is_computed()
    {
        using var session = _model.CreateSession();
        session.Append(new[] { 1, 2, 3, 4, 5 });
        var generator = new Generator(session);
        var error = Assert.Throws<PeftStudioException>(() => generator.Generate(new int[30], Greedy));
        Assert.That(error!.Code, Is.EqualTo(ErrorCodes.ContextExceeded));
        Assert.That(error.Message, Does.Contain("5 tokens in the session + 30 prompt + 6 answer = 41").And.Contain("40"));
        Assert.That(session.Length, Is.EqualTo(5));
        Assert.That(generator.Generate(new int[29], Greedy).Count(), Is.EqualTo(6));
    }

    [Test]
    public void An_empty_prompt_bad_options_and_stop_strings_are_refused_at_once()
    {
        using var session = _model.CreateSession();
        var generator = new Generator(session);
        Assert.That(() => generator.Generate(default), Refused(ErrorCodes.EmptyPrompt));
        Assert.That(() => generator.Generate(new[] { 1 }, new() { Temperature = 3 }), Refused(ErrorCodes.InvalidOptions));
        Assert.That(() => generator.GenerateAsync(new[] { 1 }, new() { TopK = -1 }), Refused(ErrorCodes.InvalidOptions));
        Assert.That(() => generator.Generate(new[] { 1 }, Greedy with { StopStrings = ["x"] }), Refused(ErrorCodes.InvalidOptions));
    }

    [Test]
    public void Equal_seeds_give_equal_answers()
    {
        using var checkpoint = TinyCheckpoint.Random();
        using var model = DecodeModel.Load(checkpoint.Checkpoint);
        var options = new GenerationOptions { Temperature = 2, MaxTokens = 30, EosTokenIds = [], Seed = 11 };
        var first = Answer(options);
        Assert.That(Answer(options), Is.EqualTo(first));
        Assert.That(first, Is.Not.EqualTo(Answer(options with { Seed = 12 })));

        int[] Answer(GenerationOptions o)
        {
            using var session = model.CreateSession();
            return [.. new Generator(session).Generate(new[] { 1, 2, 3 }, o).Select(t => t.Id)];
        }
    }

    [Test]
    public async Task Streaming_gives_the_same_as_enumerating()
    {
        using var session = _model.CreateSession();
        var tokens = new List<int>();
        await foreach (var token in new Generator(session).GenerateAsync(new[] { 3 }, Greedy)) tokens.Add(token.Id);
        Assert.That(tokens, Is.EqualTo(new[] { 4, 5, 6, 7, 8, 9 }));
    }

    [Test]
    public async Task Cancellation_is_honoured_before_the_next_token()
    {
        using var session = _model.CreateSession();
        using var cancellation = new CancellationTokenSource();
        var tokens = new List<int>();
        await Assert.ThatAsync(
            async () =>
            {
                await foreach (var token in new Generator(session).GenerateAsync(new[] { 3 }, Greedy, cancellation.Token))
                {
                    tokens.Add(token.Id);
                    if (tokens.Count == 2) await cancellation.CancelAsync();
                }
            },
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(tokens, Is.EqualTo(new[] { 4, 5 }));
        Assert.That(session.Tokens.ToArray(), Is.EqualTo(new[] { 3, 4 }));
    }

    private static NUnit.Framework.Constraints.IResolveConstraint Refused(string code) =>
        Throws.InstanceOf<PeftStudioException>().With.Property(nameof(PeftStudioException.Code)).EqualTo(code);
}
