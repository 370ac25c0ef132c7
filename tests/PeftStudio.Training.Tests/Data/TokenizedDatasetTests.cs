using System.Security.Cryptography;
using System.Text.Json;
using PeftStudio.TestSupport;
using PeftStudio.Training.Data;

namespace PeftStudio.Training.Tests.Data;

[TestFixture]
public sealed class TokenizedDatasetTests
{
    private static readonly WordTokenizer Words = WordTokenizer.Of("a", "b", "c", "d"); // ids 4 to 7; 1 begins, 2 ends
    private static readonly TokenizationOptions All = new() { EosToken = "</s>", BosToken = "<s>", ValidationPart = 0 };
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Prepare() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    private async Task<TokenizedDataset> CreateAsync(string content, TokenizationOptions options, WordTokenizer? tokenizer = null, string name = "a.jsonl") =>
        await TokenizedDataset.CreateAsync(await DatasetFile.OpenAsync(Dataset.Write(folder, name, content)), tokenizer ?? Words, options);

    private async Task<PeftStudioException> FailureAsync(string content, TokenizationOptions options, string name = "a.jsonl") =>
        (await Assert.CatchAsync<PeftStudioException>(() => CreateAsync(content, options, name: name)))!;

    [Test]
    public async Task Texts_end_with_the_end_token_once_and_are_trained_whole()
    {
        var data = await CreateAsync("{\"text\": \"a b\"}\n{\"text\": \"c</s>\"}\n", All);
        Assert.That(data.Training.Select(r => r.InputIds), Is.EqualTo(new int[][] { [4, 5, 2], [6, 2] }));
        Assert.That(data.Training.Select(r => r.Labels), Is.All.Null);
        Assert.That(data.Validation, Is.Empty);
    }

    [Test]
    public async Task Of_prompt_and_completion_only_the_completion_is_trained_unless_asked()
    {
        const string Row = "{\"prompt\": \"a b \", \"completion\": \"c\"}";
        Assert.That((await CreateAsync(Row, All)).Training[0].Labels, Is.EqualTo(new[] { -100, -100, 6, 2 }));
        Assert.That((await CreateAsync(Row, All with { CompletionOnlyLoss = false })).Training[0].Labels, Is.Null);
    }

    [Test]
    public async Task A_blank_that_merges_into_the_completion_belongs_to_the_completion()
    {
        var tokenizer = WordTokenizer.WithLeadingBlanks("a", " b"); // 4 is the blank alone, 5 "a", 6 " b"
        var row = (await CreateAsync("{\"prompt\": \"a \", \"completion\": \"b\"}", All, tokenizer)).Training[0];
        Assert.That(row.InputIds, Is.EqualTo(new[] { 5, 6, 2 }));
        Assert.That(row.Labels, Is.EqualTo(new[] { -100, 6, 2 }));
    }

    [Test]
    public async Task Long_rows_are_cut_and_rows_without_a_trained_token_are_dropped_and_named()
    {
        const string Rows = "{\"text\": \"a b c d\"}\n{\"prompt\": \"a b c d\", \"completion\": \" c\"}\n{\"prompt\": \"a\", \"completion\": \" b\"}";
        var data = await CreateAsync(Rows, All with { MaxLength = 3 });
        Assert.That(data.Training.Select(r => r.InputIds), Is.EqualTo(new int[][] { [4, 5, 6], [4, 5, 2] }));
        Assert.That(data.Summary.RowsRead, Is.EqualTo(3));
        Assert.That(data.Summary.RowsTruncated, Is.EqualTo(2));
        Assert.That(data.Summary.DroppedLines, Is.EqualTo(new[] { 2 }));
        Assert.That((data.Summary.Tokens, data.Summary.TrainedTokens), Is.EqualTo((6, 4)));

        data = await CreateAsync(Rows, All with { MaxLength = 3, Truncation = TruncationMode.KeepEnd });
        Assert.That(data.Training.Select(r => r.InputIds), Is.EqualTo(new int[][] { [6, 7, 2], [7, 6, 2], [4, 5, 2] }));
    }

    [Test]
    public async Task Stored_tokens_keep_their_labels_and_masks()
    {
        var data = await CreateAsync("{\"input_ids\": [4, 5, 6], \"labels\": [-100, 5, 6]}\n{\"input_ids\": [4, 5], \"completion_mask\": [0, 1]}\n"
            + "{\"input_ids\": [4, 5, 6], \"labels\": [4, -100, 6], \"completion_mask\": [0, 1, 1]}\n{\"input_ids\": [7, 7]}", All);
        Assert.That(data.Training.Select(r => r.Labels), Is.EqualTo(new int[]?[] { [-100, 5, 6], [-100, 5], [-100, -100, 6], null }));
    }

    [TestCase("{\"input_ids\": [4, 8]}"), TestCase("{\"input_ids\": [4, 4], \"labels\": [4, 9]}")]
    public async Task Stored_tokens_outside_the_vocabulary_are_named(string row)
    {
        var error = await FailureAsync("{\"text\": \"a\"}\n" + row, All);
        Assert.That(error.Code, Is.EqualTo(ErrorCodes.InvalidDatasetRow));
        Assert.That(error.Found, Does.Contain("line 2: expected token ids below 8"));
    }

    [Test]
    public async Task Plain_text_is_one_stream_cut_into_full_rows()
    {
        var data = await CreateAsync("a b c d a b c d\na", All with { MaxLength = 4 }, name: "a.txt");
        Assert.That(data.Training.Select(r => r.InputIds), Is.EqualTo(new int[][] { [1, 4, 5, 6], [7, 4, 5, 6] }));
        Assert.That((data.Summary.TailTokensDropped, data.Summary.RowsRead), Is.EqualTo((2, 3)));
    }

    [Test]
    public async Task A_plain_text_shorter_than_a_row_is_one_row()
    {
        var data = await CreateAsync("a b", All with { MaxLength = 50, ValidationPart = null }, name: "a.txt");
        Assert.That(data.Training.Single().InputIds, Is.EqualTo(new[] { 1, 4, 5 }));
        Assert.That((data.Validation.Count, data.Summary.TailTokensDropped), Is.EqualTo((0, 0)));
    }

    [TestCase("a.txt", null, 100, 5), TestCase("a.txt", null, 2, 1), TestCase("a.txt", 0.5, 3, 1), TestCase("a.txt", 0.0, 9, 0)]
    [TestCase("a.jsonl", null, 100, 10), TestCase("a.jsonl", null, 1, 0), TestCase("a.jsonl", null, 3, 1), TestCase("a.jsonl", 0.29, 100, 29)]
    public async Task The_last_rows_are_held_out(string name, double? part, int rows, int held)
    {
        var content = name == "a.txt" ? string.Join(' ', Enumerable.Repeat("a b", rows)) : string.Concat(Enumerable.Repeat("{\"text\": \"a\"}\n", rows));
        var data = await CreateAsync(content, new TokenizationOptions { MaxLength = 2, ValidationPart = part, EosToken = "</s>" }, name: name);
        Assert.That((data.Training.Count, data.Validation.Count), Is.EqualTo((rows - held, held)));
    }

    [Test]
    public async Task The_split_keeps_file_order()
    {
        var data = await CreateAsync("{\"text\": \"a\"}\n{\"text\": \"b\"}\n{\"text\": \"c\"}\n{\"text\": \"d\"}", All with { ValidationPart = 0.5 });
        Assert.That(data.Training.Concat(data.Validation).Select(r => r.InputIds[0]), Is.EqualTo(new[] { 4, 5, 6, 7 }));
    }

    [Test]
    public async Task A_validation_file_is_held_out_whole_and_nothing_else_is()
    {
        var training = await DatasetFile.OpenAsync(Dataset.Write(folder, "train.jsonl", "{\"text\": \"a\"}\n{\"text\": \"b\"}\n"));
        var validation = await DatasetFile.OpenAsync(Dataset.Write(folder, "valid.jsonl", "{\"text\": \"c\"}\n"));
        var data = await TokenizedDataset.CreateAsync(training, Words, All with { ValidationPart = 0.5 }, validation);
        Assert.That((data.Training.Count, data.Validation.Count), Is.EqualTo((2, 1)));
        Assert.That(data.ValidationFingerprint!.Rows, Is.EqualTo(1));
        Assert.That(data.ValidationSummary!.RowsRead, Is.EqualTo(1));
    }

    [Test]
    public async Task The_fingerprint_is_that_of_the_file_and_of_what_was_made_of_it()
    {
        var data = await CreateAsync("{\"text\": \"a\"}\n{\"text\": \"b\"}\n", All with { ValidationPart = 0.5 });
        var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(folder.At("a.jsonl"))));
        Assert.That(data.Fingerprint, Is.EqualTo(new DataFingerprint(hash, Rows: 2, Tokens: 4)));
    }

    [TestCase("{\"prompt\": \"a b c\", \"completion\": \" d\"}", "a.jsonl"), TestCase("{\"input_ids\": [4]}", "a.jsonl"), TestCase("\n", "a.txt")]
    public async Task Data_without_any_trained_token_is_an_empty_dataset(string content, string name) =>
        Assert.That((await FailureAsync(content, All with { MaxLength = 3 }, name)).Code, Is.EqualTo(ErrorCodes.EmptyDataset));

    [Test]
    public async Task Rows_longer_than_the_models_context_are_refused_with_numbers()
    {
        var error = await FailureAsync("{\"text\": \"a\"}", All with { MaxLength = 600, MaxPositions = 512 });
        Assert.That(error.Code, Is.EqualTo(ErrorCodes.SequenceTooLong));
        Assert.That(error.Message, Does.Contain("600").And.Contain("512"));
    }

    [TestCase(512, 512), TestCase(4096, 1024), TestCase(null, 1024)]
    public async Task Without_a_length_rows_are_as_long_as_the_context_allows_up_to_1024(int? context, int expected)
    {
        var data = await CreateAsync(string.Join(' ', Enumerable.Repeat("a", 5000)), All with { MaxPositions = context }, name: "a.txt");
        Assert.That(data.Training.Select(r => r.InputIds.Length), Is.All.EqualTo(expected));
    }

    [TestCase(1, null), TestCase(null, 0.6), TestCase(null, -0.1), TestCase(null, double.NaN)]
    public async Task Options_outside_their_range_are_refused(int? length, double? part) => Assert.That(
        (await FailureAsync("{\"text\": \"a\"}", All with { MaxLength = length, ValidationPart = part })).Code, Is.EqualTo(ErrorCodes.InvalidOptions));

    /// <summary>The rows, batches and counted labels of TRL's SFT trainer, which took the rows in file order.</summary>
    [TestCase("completion-only"), TestCase("unpacked"), TestCase("dft")]
    public async Task Batches_are_those_of_the_reference_trainer(string name)
    {
        var golden = TestData.At("golden", "training", name);
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(golden, "case.json")));
        var settings = json.RootElement.GetProperty("hyperparameters");
        var tokenizer = WordTokenizer.Golden(TestData.At("golden", "training", "bases", "words-tokenizer", "tokenizer.json"));
        var data = await TokenizedDataset.CreateAsync(await DatasetFile.OpenAsync(Path.Combine(golden, "rows.json")), tokenizer,
            All with { MaxLength = settings.GetProperty("max_length").GetInt32() });
        var sampler = new BatchSampler(data.Training.Count, settings.GetProperty("micro_batch_size").GetInt32(),
            settings.GetProperty("gradient_accumulation_steps").GetInt32(), shuffle: false);
        var batches = new GoldenBatches(Path.Combine(golden, "batches.safetensors"));
        var names = batches.Steps.ToArray();
        var steps = json.RootElement.GetProperty("steps").EnumerateArray().ToArray();
        Assert.That(names, Is.Not.Empty);
        for (var s = 0; s < names.Length; s++)
        {
            var (epoch, done) = sampler.PositionAfter(s);
            var micro = sampler.Steps(epoch, done).First().Select(rows => Batch.Collate([.. rows.Select(r => data.Training[r])], padId: 0)).ToArray();
            for (var m = 0; m < micro.Length; m++)
            {
                Assert.That(micro[m].InputIds, Is.EqualTo(batches.Read($"{names[s]}.micro{m}.input_ids")), names[s]);
                Assert.That(micro[m].AttentionMask, Is.EqualTo(batches.Read($"{names[s]}.micro{m}.attention_mask")), names[s]);
                Assert.That(micro[m].Labels, Is.EqualTo(batches.Read($"{names[s]}.micro{m}.labels")), names[s]);
            }

            Assert.That(micro.Sum(b => b.TrainedTokens), Is.EqualTo(steps[s].GetProperty("num_items").GetInt32()), names[s]);
        }
    }

    [Test]
    public async Task Shuffled_batches_are_those_of_the_reference_trainer()
    {
        var golden = TestData.At("golden", "training", "shuffle");
        var data = await TokenizedDataset.CreateAsync(await DatasetFile.OpenAsync(Path.Combine(golden, "rows.json")), WordTokenizer.Of([.. Enumerable.Range(4, 156).Select(i => $"w{i}")]), All);
        var sampler = new BatchSampler(data.Training.Count, batchSize: 2, seed: 42);
        var batches = new GoldenBatches(Path.Combine(golden, "batches.safetensors"));
        var names = batches.Steps.ToArray();
        Assert.That(names, Has.Length.EqualTo(20));
        for (var s = 0; s < names.Length; s++)
        {
            var (epoch, done) = sampler.PositionAfter(s);
            var batch = Batch.Collate([.. sampler.Steps(epoch, done).First()[0].Select(r => data.Training[r])], padId: 0);
            Assert.That(batch.InputIds, Is.EqualTo(batches.Read($"{names[s]}.micro0.input_ids")), names[s]);
            Assert.That(batch.Labels, Is.EqualTo(batches.Read($"{names[s]}.micro0.labels")), names[s]);
        }
    }
}
