using Parquet;
using Parquet.Schema;
using PeftStudio.TestSupport;
using PeftStudio.Training.Data;

namespace PeftStudio.Training.Tests.Data;

[TestFixture]
public sealed class ParquetTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Prepare() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    private static async Task<byte[]> TextsAsync(params string?[][] groups)
    {
        var text = new DataField("text", typeof(string), isNullable: true);
        var id = new DataField<int>("id");
        using var memory = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(id, text), memory))
        {
            foreach (var texts in groups)
            {
                using var group = writer.CreateRowGroup();
                await group.WriteAsync<int>(id, Enumerable.Range(0, texts.Length).ToArray());
                await group.WriteAsync(text, texts!);
            }
        }

        return memory.ToArray();
    }

    private static async Task<byte[]> ListsAsync<T>(T[] values, int[] definitions, int[] repetitions) where T : struct
    {
        var schema = new ParquetSchema(new ListField("input_ids", typeof(T)));
        using var memory = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, memory))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAllPartsAsync<T>(schema.GetDataFields()[0], values, definitions, repetitions, default);
        }

        return memory.ToArray();
    }

    [Test]
    public async Task Rows_of_all_groups_are_numbered_through()
    {
        var path = Dataset.Write(folder, "a.bin", await TextsAsync(["one", "two é"], ["three"]));
        Assert.That((await DatasetFile.OpenAsync(path)).Format, Is.EqualTo(DatasetFormat.Parquet));
        Assert.That(await Dataset.ReadAsync(path), Is.EqualTo(new[] { new TextRow(1, "one"), new TextRow(2, "two é"), new TextRow(3, "three") }));
    }

    [Test]
    public async Task A_packed_file_is_read_too() => Assert.That(
        await Dataset.ReadAsync(Dataset.Write(folder, "a.parquet.gz", Dataset.Gzip(await TextsAsync(["one"])))), Is.EqualTo(new[] { new TextRow(1, "one") }));

    /// <summary>Written by Apache's C++ library, which is also that of pyarrow: two groups with dictionaries, and lists over many small pages.</summary>
    [Test]
    public async Task Files_of_another_writer_are_read()
    {
        var pairs = await Dataset.ReadAsync(TestData.At("datasets", "parquet", "prompt-completion.snappy.parquet"));
        Assert.That(pairs, Has.Count.EqualTo(200));
        Assert.That(pairs[199], Is.EqualTo(new PromptCompletionRow(200, "What is 1.1 é?", "It is 1.99")));

        var tokens = await Dataset.ReadAsync(TestData.At("datasets", "parquet", "tokens.zstd.parquet"));
        Assert.That(tokens, Has.Count.EqualTo(50));
        foreach (var (row, n) in tokens.Cast<TokenizedRow>().Select((r, n) => (r, n)))
        {
            Assert.That(row.InputIds, Is.EqualTo(Enumerable.Range(0, n).Select(k => k + n)));
            Assert.That(row.Labels, Is.EqualTo(Enumerable.Range(0, n).Select(k => k % 3 == 0 ? -100 : k + n)));
            Assert.That(row.CompletionMask, Is.EqualTo(Enumerable.Range(0, n).Select(k => 1 - (k % 2))));
        }
    }

    [Test]
    public async Task A_null_is_a_missing_field_and_is_named()
    {
        var error = await Dataset.FailureAsync(Dataset.Write(folder, "a.parquet", await TextsAsync(["one", null])));
        Assert.That(error.Code, Is.EqualTo(ErrorCodes.InvalidDatasetRow));
        Assert.That(error.Found, Does.StartWith("line 2: expected \"text\""));
    }

    [Test]
    public async Task Lists_of_ids_are_put_together_from_their_levels()
    {
        var rows = await Dataset.ReadAsync(Dataset.Write(folder, "a.parquet", await ListsAsync([1L, 2, 3, 9], [2, 2, 2, 1, 2], [0, 1, 1, 0, 0])));
        Assert.That(rows.Cast<TokenizedRow>().Select(r => r.InputIds), Is.EqualTo(new int[][] { [1, 2, 3], [], [9] }));
        rows = await Dataset.ReadAsync(Dataset.Write(folder, "b.parquet", await ListsAsync([7, 8], [2, 2], [0, 0])));
        Assert.That(rows.Cast<TokenizedRow>().Select(r => r.InputIds), Is.EqualTo(new int[][] { [7], [8] }));
    }

    [Test]
    public async Task Numbers_that_are_no_token_ids_and_missing_lists_are_named()
    {
        var error = await Dataset.FailureAsync(Dataset.Write(folder, "a.parquet", await ListsAsync([1L, 1L << 40], [2, 2, 0], [0, 0, 0])));
        Assert.That(error.Found, Does.Contain("line 2: expected \"input_ids\" to be a list of whole numbers; there is a list in which a number is missing or too large")
            .And.Contain("line 3: expected \"text\""));
        error = await Dataset.FailureAsync(Dataset.Write(folder, "b.parquet", await ListsAsync([1.5], [2], [0])));
        Assert.That(error.Found, Does.Contain("there is a list of something else"));
    }

    [Test]
    public async Task Columns_that_cannot_be_trained_on_are_named()
    {
        using var memory = new MemoryStream();
        var schema = new ParquetSchema(new DataField<string>("question"), new DataField<string>("answer"));
        await using (await ParquetWriter.CreateAsync(schema, memory))
        {
        }

        var error = await Dataset.FailureAsync(Dataset.Write(folder, "a.parquet", memory.ToArray()));
        Assert.That(error.Code, Is.EqualTo(ErrorCodes.UnsupportedDataset));
        Assert.That(error.Found, Is.EqualTo("rows with the fields question, answer"));
    }

    [Test]
    public async Task A_file_without_a_row_is_an_empty_dataset() =>
        Assert.That((await Dataset.FailureAsync(Dataset.Write(folder, "a.parquet", await TextsAsync()))).Code, Is.EqualTo(ErrorCodes.EmptyDataset));

    [Test]
    public async Task What_unpacks_to_more_than_the_limit_is_refused()
    {
        var path = Dataset.Write(folder, "a.parquet", await TextsAsync(Enumerable.Range(0, 100).Select(i => new string('x', 1000) + i).ToArray()));
        var error = await Dataset.FailureAsync(path, new DatasetOptions { MaximumBytes = 50_000 });
        Assert.That(error.Code, Is.EqualTo(ErrorCodes.DatasetTooLarge));
    }

    [Test]
    public async Task A_truncated_file_is_damaged()
    {
        var whole = await TextsAsync(["one", "two"]);
        foreach (var length in new[] { 4, 11, whole.Length / 2, whole.Length - 1 })
        {
            var error = await Dataset.FailureAsync(Dataset.Write(folder, "a.parquet", whole[..length]));
            Assert.That(error.Code, Is.EqualTo(ErrorCodes.DamagedDataset), $"{length} bytes");
        }
    }

    [Test]
    public async Task A_footer_that_never_ends_is_damage_and_no_endless_loop()
    {
        var whole = await TextsAsync(["one"]);
        var footer = BitConverter.ToInt32(whole, whole.Length - 8);
        for (var i = whole.Length - 8 - footer; i < whole.Length - 8; i++)
        {
            var bytes = (byte[])whole.Clone();
            bytes.AsSpan(i..^8).Fill(0xff);
            var error = await Dataset.FailureAsync(Dataset.Write(folder, "a.parquet", bytes));
            Assert.That(error.Code, Is.EqualTo(ErrorCodes.DamagedDataset), $"from byte {i}");
        }
    }

    [Test]
    public async Task Damaged_files_give_our_exception_and_no_other()
    {
        const int Seed = 20_260_802;
        var random = new Random(Seed);
        byte[][] originals = [await TextsAsync(["one", null, "three"], ["four"]), await ListsAsync([1L, 2, 3, 9], [2, 2, 2, 1, 2], [0, 1, 1, 0, 0])];
        for (var i = 0; i < 300; i++)
        {
            var bytes = (byte[])originals[i % 2].Clone();
            for (var k = random.Next(3); k >= 0; k--) bytes[random.Next(4, bytes.Length - 8)] = (byte)random.Next(256);
            try
            {
                await Dataset.ReadAsync(Dataset.Write(folder, "a.parquet", bytes));
            }
            catch (PeftStudioException)
            {
                continue;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {Seed}, round {i}: {e}");
            }
        }
    }
}
