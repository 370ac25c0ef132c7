using System.Runtime.InteropServices;
using System.Security.Cryptography;
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

    /// <summary>Values of libtorch 2.10: the first ten numbers, and the SHA-256 of all as 32-bit integers.</summary>
    [TestCase(10, 0L, "4,1,7,5,3,9,0,8,6,2", "fdf6acceb49ea7dd8a7d6c44d388cc02580bed8b1d62416455a87cffee7a6b4d")]
    [TestCase(5, -1L, "1,3,4,2,0", "97ee3be30804737835bf6ebb4bf5d90c796ad93da6a18b1ef7e73a71480803ae")]
    [TestCase(700, 123L, "282,5,276,423,320,327,166,3,155,73", "b8b5ff71ce834d2473d1022afb02aed4e766594d917b9606448505fc7ba5a3d2")]
    [TestCase(100_000, 2026L, "82305,93700,7378,97188,85213,98702,41311,3650,98996,73402", "0e67fdbc1ece32cd010f94e4f74b717ec128dfa8078991ad0fea2dff10b419c5")]
    [TestCase(100_000, (1L << 40) + 3, "58986,64086,32569,61898,76340,28340,19492,44703,84821,35705", "51bccfa1b895273200179c2266b0c94d14ecdc866fd76a54e1c7eb564711ee4e")]
    public void Order_is_that_of_torch(int count, long seed, string first, string sha256)
    {
        var order = RandomPermutation.Create(count, seed);
        Assert.That(string.Join(',', order.Take(10)), Is.EqualTo(first));
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<int>(order))), Is.EqualTo(sha256));
    }

    [Test]
    public void Every_number_comes_once([Values(0, 1, 2, 3, 623, 624, 625, 10_000)] int count) =>
        Assert.That(RandomPermutation.Create(count, seed: 7), Is.EquivalentTo(Enumerable.Range(0, count)));

    [Test]
    public void Counts_for_which_torch_draws_otherwise_are_refused() =>
        Assert.That(() => RandomPermutation.Create(RandomPermutation.Limit, seed: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
