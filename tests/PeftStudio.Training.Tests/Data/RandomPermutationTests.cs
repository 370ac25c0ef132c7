using System.Text.Json;
using PeftStudio.TestSupport;
using PeftStudio.Training.Data.Internal;

namespace PeftStudio.Training.Tests.Data;

[TestFixture]
public sealed class RandomPermutationTests
{
    [Test]
    public void Mersenne_Twister_gives_the_published_numbers()
    {
        // The C++ standard requires 4123659995 as the 10,000th number of mt19937 with its default seed 5489.
        var random = new MersenneTwister(5489);
        for (var i = 1; i < 10_000; i++) random.Next();
        Assert.That(random.Next(), Is.EqualTo(4_123_659_995u));
    }

    [Test]
    public void Only_the_low_32_bits_of_a_seed_count() =>
        Assert.That(new MersenneTwister((7L << 32) + 42).Next(), Is.EqualTo(new MersenneTwister(42).Next()));

    [TestCase(0), TestCase(1)]
    public void Order_is_that_of_the_reference_trainer(int epoch)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(TestData.At("golden", "training", "shuffle", "case.json")));
        var order = json.RootElement.GetProperty("dataset_order").EnumerateArray().Select(e => e.GetInt32()).ToArray();
        Assert.That(RandomPermutation.Create(20, seed: 42 + epoch), Is.EqualTo(order[(epoch * 20)..((epoch + 1) * 20)]));
    }

    [Test]
    public void Every_number_comes_once([Values(0, 1, 2, 3, 623, 624, 625, 10_000)] int count) =>
        Assert.That(RandomPermutation.Create(count, seed: 7), Is.EquivalentTo(Enumerable.Range(0, count)));

    [Test]
    public void Counts_for_which_torch_draws_otherwise_are_refused() =>
        Assert.That(() => RandomPermutation.Create(RandomPermutation.Limit, seed: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
