using PeftStudio.Inference.Generation.Sampling;

namespace PeftStudio.Inference.Tests.Generation;

[TestFixture]
public sealed class SamplingTests
{
    private static readonly GenerationOptions Plain = new() { Temperature = 1, TopK = 0, TopP = 1, RepetitionPenalty = 1 };

    private static readonly float[] Logits = [MathF.Log(0.1f), MathF.Log(0.4f), MathF.Log(0.05f), MathF.Log(0.3f), MathF.Log(0.15f)];

    [Test]
    public void Draws_have_the_probabilities_of_the_softmax() => AssertShares(Plain, 0.1, 0.4, 0.05, 0.3, 0.15);

    [Test]
    public void A_low_temperature_sharpens_and_a_high_one_flattens()
    {
        var half = new[] { 0.01, 0.16, 0.0025, 0.09, 0.0225 };
        AssertShares(Plain with { Temperature = 0.5 }, half.Select(p => p / half.Sum()).ToArray());
        var twice = new[] { 0.1, 0.4, 0.05, 0.3, 0.15 }.Select(Math.Sqrt).ToArray();
        AssertShares(Plain with { Temperature = 2 }, twice.Select(p => p / twice.Sum()).ToArray());
    }

    [Test]
    public void Top_k_keeps_the_best() => AssertShares(Plain with { TopK = 2 }, 0, 0.4 / 0.7, 0, 0.3 / 0.7, 0);

    [Test]
    public void Top_p_keeps_the_fewest_that_reach_it() => AssertShares(Plain with { TopP = 0.75 }, 0, 0.4 / 0.85, 0, 0.3 / 0.85, 0.15 / 0.85);

    [Test]
    public void Top_p_of_0_keeps_the_best_only() => AssertShares(Plain with { TopP = 0 }, 0, 1, 0, 0, 0);

    [Test]
    public void Temperature_comes_before_top_p()
    {
        // At temperature 0.5 the best has 0.56 of all, which reaches 0.5 alone; at 1 it has 0.4.
        AssertShares(Plain with { Temperature = 0.5, TopP = 0.5 }, 0, 1, 0, 0, 0);
    }

    [Test]
    public void The_penalty_divides_what_is_positive_and_multiplies_what_is_negative_once_an_id()
    {
        float[] logits = [2, -2, 3, -1];
        new RepetitionPenalty(2, 4).Process([0, 1, 0, 0, 1], logits);
        Assert.That(logits, Is.EqualTo(new float[] { 1, -4, 3, -1 }));
    }

    [Test]
    public void Equal_logits_at_the_edge_of_top_k_all_stay()
    {
        float[] logits = [1, 3, 2, 2, 0];
        new TopK(2).Process([], logits);
        Assert.That(logits, Is.EqualTo(new[] { float.NegativeInfinity, 3, 2, 2, float.NegativeInfinity }));
    }

    [Test]
    public void Top_k_finds_the_k_th_largest_of_many([Values(1, 2, 50, 99)] int k)
    {
        var random = new Random(k);
        var logits = Enumerable.Range(0, 1000).Select(_ => (float)random.NextDouble()).ToArray();
        var threshold = logits.OrderDescending().ElementAt(k - 1);
        new TopK(k).Process([], logits);
        Assert.That(logits.Where(float.IsFinite).Min(), Is.EqualTo(threshold));
        Assert.That(logits.Count(float.IsFinite), Is.EqualTo(k));
    }

    [Test]
    public void The_ranking_goes_from_the_best_down_with_the_lowest_id_of_equals_first()
    {
        var ranking = new DescendingRanking(6);
        ranking.Rank([1, 2, float.NegativeInfinity, 2, 0, 2], lowestIdFirst: true);
        var order = new List<int>();
        while (ranking.TryNext(out var id, out _)) order.Add(id);
        Assert.That(order, Is.EqualTo(new[] { 1, 3, 5, 0, 4 }));
    }

    [Test]
    public void Greedy_takes_the_lowest_of_equals()
    {
        var sampler = new TokenSampler(Plain with { Temperature = 0 }, 20, () => throw new InvalidOperationException("greedy draws nothing"));
        Assert.That(sampler.Next([], [.. Enumerable.Range(0, 20).Select(i => i % 5 == 3 ? 7f : -1f)], 0), Is.EqualTo(3));
    }

    [Test]
    public void Ids_beyond_the_tokenizer_are_never_chosen()
    {
        var sampler = new TokenSampler(Plain with { Temperature = 0 }, 2, () => 0);
        Assert.That(sampler.Next([3], [0, 1, 9, 9], 0), Is.EqualTo(1));
    }

    [TestCase(float.NaN)]
    [TestCase(float.NegativeInfinity)]
    [TestCase(float.PositiveInfinity)]
    public void Scores_that_are_no_numbers_are_reported_with_the_step(float bad)
    {
        var logits = bad == float.NegativeInfinity ? Enumerable.Repeat(bad, 5).ToArray() : [1, 2, bad, 0, 0];
        var error = Assert.Throws<PeftStudioException>(() => new TokenSampler(Plain, 5, () => 0).Next([], logits, 12));
        Assert.That(error!.Code, Is.EqualTo(ErrorCodes.LogitsNotFinite));
        Assert.That(error.Message, Does.Contain("token 12"));
    }

    [Test]
    public void Equal_seeds_give_equal_numbers_and_others_others()
    {
        var first = Numbers(5);
        Assert.That(Numbers(5), Is.EqualTo(first));
        Assert.That(first, Is.Not.EqualTo(Numbers(6)));
        Assert.That(Numbers(-1), Is.All.InRange(0, 1).And.All.Not.EqualTo(1));
        Assert.That(Numbers(0).Average(), Is.EqualTo(0.5).Within(0.02));

        static double[] Numbers(long seed)
        {
            var random = new SeededRandom(seed);
            return Enumerable.Range(0, 4_000).Select(_ => random.NextDouble()).ToArray();
        }
    }

    [Test]
    public void Options_outside_their_ranges_are_all_named_at_once()
    {
        var options = new GenerationOptions
        {
            MaxTokens = 5000, Temperature = double.NaN, TopP = -0.1, TopK = 101, RepetitionPenalty = 0.5, StopStrings = [""],
        };
        var error = Assert.Throws<PeftStudioException>(options.Validate);
        Assert.That(error!.Code, Is.EqualTo(ErrorCodes.InvalidOptions));
        string[] told = ["MaxTokens = 5000, accepted 1 to 4096", "Temperature = NaN", "TopP = -0.1", "TopK = 101", "RepetitionPenalty = 0.5", "StopStrings"];
        foreach (var part in told) Assert.That(error.Message, Does.Contain(part));

        Assert.That(new GenerationOptions().Validate, Throws.Nothing);
    }

    private static void AssertShares(GenerationOptions options, params double[] expected)
    {
        const int draws = 20_000;
        var sampler = new TokenSampler(options, Logits.Length, new SeededRandom(7).NextDouble);
        var counts = new int[Logits.Length];
        for (var i = 0; i < draws; i++) counts[sampler.Next([], Logits, i)]++;
        for (var i = 0; i < counts.Length; i++)
        {
            // Five standard deviations of a binomial count.
            var allowed = 5 * Math.Sqrt(draws * expected[i] * (1 - expected[i]));
            Assert.That(counts[i], Is.EqualTo(draws * expected[i]).Within(allowed), $"id {i}");
        }
    }
}
