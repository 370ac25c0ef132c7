using PeftStudio.Formats.Tokenizers;
using PeftStudio.TestSupport;

namespace PeftStudio.Formats.Tests.Tokenizers;

/// <summary>Real tokenizer.json files, read from their folders.</summary>
[TestFixture]
public sealed class TokenizerJsonTests
{
    [TestCase("gpt2", "gpt-2")]
    [TestCase("smollm", "smollm")]
    public void Ids_of_the_47_inputs_are_those_of_the_reference(string folder, string vectors)
    {
        var tokenizer = Tokenizer.Load(TestData.At("tokenizers", folder));
        Assert.Multiple(() =>
        {
            foreach (var (input, expected) in Vectors.Read(vectors))
            {
                var ids = tokenizer.EncodeToIds(input, addSpecialTokens: false);
                Assert.That(ids, Is.EqualTo(expected), input);
                Assert.That(tokenizer.Decode(ids), Is.EqualTo(input));
            }
        });
    }

    [Test]
    public void Stories260k_begins_with_bos_and_round_trips()
    {
        var tokenizer = Tokenizer.Load(TestData.At("models", "stories260k-hf"));
        var ids = tokenizer.EncodeToIds("Once upon a time, 😀 there was");
        Assert.That(ids[0], Is.EqualTo(tokenizer.BosTokenId));
        Assert.That(tokenizer.Decode(ids), Is.EqualTo("Once upon a time, 😀 there was"));
    }

    [Test]
    public void A_megabyte_without_a_pre_tokenizer_is_one_word_and_takes_no_quadratic_time()
    {
        var tokenizer = Tokenizer.Load(TestData.At("models", "stories260k-hf"));
        var text = File.ReadAllText(TestData.At("datasets", "tinyshakespeare", "input.txt"));
        var ids = tokenizer.EncodeToIds(text);
        Assert.That(tokenizer.Decode(ids), Is.EqualTo(text));
    }

    [Test]
    public void A_megabyte_without_a_space_takes_no_quadratic_time([Values("gpt2", "smollm")] string folder)
    {
        var tokenizer = Tokenizer.Load(TestData.At("tokenizers", folder));
        var text = File.ReadAllText(TestData.At("datasets", "tinyshakespeare", "input.txt"));
        var letters = string.Concat(text.Where(char.IsAsciiLetter));
        Assert.That(tokenizer.Decode(tokenizer.EncodeToIds(letters)), Is.EqualTo(letters));
        Assert.That(tokenizer.Decode(tokenizer.EncodeToIds(new string('a', 1 << 20))), Has.Length.EqualTo(1 << 20));
    }
}
