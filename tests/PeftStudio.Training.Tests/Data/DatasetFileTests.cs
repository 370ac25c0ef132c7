using System.Text;
using PeftStudio.TestSupport;
using PeftStudio.Training.Data;

namespace PeftStudio.Training.Tests.Data;

[TestFixture]
public sealed class DatasetFileTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Prepare() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    [TestCase("a.jsonl", "{\"text\": \"x\"}\n", DatasetFormat.JsonLines)]
    [TestCase("a.json", "{\"text\": \"x\"}\n{\"text\": \"y\"}\n", DatasetFormat.JsonLines)]
    [TestCase("a.txt", "{\"text\": \"x\"}\n", DatasetFormat.JsonLines)]
    [TestCase("a", "\ufeff[\n  {\"text\": \"x\"}]", DatasetFormat.Json)]
    [TestCase("a.csv", "text\nx\n", DatasetFormat.Csv)]
    [TestCase("a.txt", "text,label\nx,1\n", DatasetFormat.Csv)]
    [TestCase("a.csv", "prompt\tcompletion\nx\ty\n", DatasetFormat.Tsv)]
    [TestCase("a.csv", "id;text\n1;x\n", DatasetFormat.Csv)]
    [TestCase("a.txt", "text\nThe word above is no header.\n", DatasetFormat.Text)]
    [TestCase("a.txt", "[Scene 1]\nEnter Hamlet.\n", DatasetFormat.Text)]
    [TestCase("a.txt", "{ int x; }\n", DatasetFormat.Text)]
    [TestCase("a.md", "Some words, text and others\n", DatasetFormat.Text)]
    public async Task Content_decides_about_the_format_and_the_extension_where_it_leaves_a_choice(string name, string content, DatasetFormat expected)
    {
        var file = await DatasetFile.OpenAsync(Dataset.Write(folder, name, content));
        Assert.That(file.Format, Is.EqualTo(expected));
        var packed = await DatasetFile.OpenAsync(Dataset.Write(folder, name + ".gz", Dataset.Gzip(Encoding.UTF8.GetBytes(content))));
        Assert.That((packed.Format, packed.IsCompressed), Is.EqualTo((expected, true)));
    }

    [Test]
    public async Task A_format_that_is_given_is_not_guessed()
    {
        var path = Dataset.Write(folder, "a.jsonl", "{\"text\": \"x\"}");
        var rows = await Dataset.ReadAsync(path, new DatasetOptions { Format = DatasetFormat.Text });
        Assert.That(rows, Is.EqualTo(new[] { new TextRow(1, "{\"text\": \"x\"}") }));
    }

    [TestCase("a.txt", new byte[] { 0xff, 0xfe, 65, 0 }, "UTF-16")]
    [TestCase("a.zip", new byte[] { 80, 75, 3, 4, 20 }, "ZIP")]
    [TestCase("a.jsonl", new byte[] { 127, 69, 76, 70, 0, 1 }, "binary")]
    public async Task Other_content_is_refused_whatever_the_name_says(string name, byte[] content, string word)
    {
        var error = await Dataset.FailureAsync(Dataset.Write(folder, name, content));
        Assert.That(error.Code, Is.EqualTo(ErrorCodes.UnsupportedDataset));
        Assert.That(error.Found, Does.Contain(word));
    }

    [TestCase("a.parquet"), TestCase("a.jsonl.gz")]
    public async Task A_name_that_promises_a_container_which_is_not_there_means_damage(string name) =>
        Assert.That((await Dataset.FailureAsync(Dataset.Write(folder, name, "no container"))).Code, Is.EqualTo(ErrorCodes.DamagedDataset));

    [Test]
    public async Task An_object_over_several_lines_is_no_list_of_rows([Values("a.json", "a.jsonl")] string name)
    {
        var error = await Dataset.FailureAsync(Dataset.Write(folder, name, "{\n  \"data\": [{\"text\": \"a\"}]\n}\n"));
        Assert.That(error.Code, Is.EqualTo(ErrorCodes.UnsupportedDataset));
        Assert.That(error.Summary, Does.Contain("one JSON object"));
    }

    [Test]
    public async Task A_missing_file_is_named()
    {
        var error = await Dataset.FailureAsync(folder.At("nothing.jsonl"));
        Assert.That(error.Code, Is.EqualTo(ErrorCodes.FileNotFound));
        Assert.That(error.Message, Does.Contain("nothing.jsonl"));
    }

    [TestCase("a.jsonl", ""), TestCase("a.jsonl", "\n \n"), TestCase("a.json", "[ ]"), TestCase("a.csv", "text\n"), TestCase("a.txt", "\ufeff")]
    public async Task A_file_without_rows_is_an_empty_dataset(string name, string content) =>
        Assert.That((await Dataset.FailureAsync(Dataset.Write(folder, name, content))).Code, Is.EqualTo(ErrorCodes.EmptyDataset));

    [Test]
    public async Task A_file_over_the_limit_is_refused_before_it_is_read()
    {
        var path = Dataset.Write(folder, "a.txt", "four");
        var error = await Assert.CatchAsync<PeftStudioException>(() => DatasetFile.OpenAsync(path, new DatasetOptions { MaximumBytes = 3 }));
        Assert.That(error!.Code, Is.EqualTo(ErrorCodes.DatasetTooLarge));
    }

    [Test]
    public async Task A_small_archive_that_unpacks_without_end_is_stopped()
    {
        var path = Dataset.Write(folder, "a.txt.gz", Dataset.Gzip(new byte[3_000_000].Select(_ => (byte)'a').ToArray()));
        var error = await Dataset.FailureAsync(path, new DatasetOptions { MaximumBytes = 1_000_000 });
        Assert.That(error.Code, Is.EqualTo(ErrorCodes.DatasetTooLarge));
    }

    [Test]
    public async Task A_truncated_archive_is_damaged()
    {
        var packed = Dataset.Gzip(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 9999).Select(i => $"{{\"text\": \"{i}\"}}\n"))));
        var error = await Dataset.FailureAsync(Dataset.Write(folder, "a.jsonl.gz", packed[..^100]));
        Assert.That(error.Code, Is.EqualTo(ErrorCodes.DamagedDataset));
    }

    [Test]
    public async Task Options_outside_their_range_are_named([Values(0L, 1_000_000_001L)] long bytes)
    {
        var error = await Assert.CatchAsync<PeftStudioException>(() => DatasetFile.OpenAsync("a", new DatasetOptions { MaximumBytes = bytes }));
        Assert.That(error!.Code, Is.EqualTo(ErrorCodes.InvalidOptions));
        Assert.That(error.Asked, Does.Contain(nameof(DatasetOptions.MaximumBytes)));
    }

    [Test]
    public async Task Progress_ends_with_all_bytes_and_rows()
    {
        var reports = new List<DatasetProgress>();
        var content = string.Concat(Enumerable.Repeat("{\"text\": \"" + new string('x', 1000) + "\"}\n", 9_000));
        var path = Dataset.Write(folder, "a.jsonl", content);
        await Dataset.ReadAsync(path, new DatasetOptions { Progress = new Collector(reports) });
        Assert.That(reports, Has.Count.GreaterThan(2));
        Assert.That(reports[^1], Is.EqualTo(new DatasetProgress(content.Length, content.Length, 9_000)));
        Assert.That(reports.Select(r => r.BytesRead), Is.Ordered);
    }

    [Test]
    public async Task Reading_stops_when_it_is_cancelled()
    {
        var path = Dataset.Write(folder, "a.jsonl", string.Concat(Enumerable.Repeat("{\"text\": \"x\"}\n", 100_000)));
        var file = await DatasetFile.OpenAsync(path);
        using var source = new CancellationTokenSource();
        await Assert.ThatAsync(async () =>
        {
            await foreach (var row in file.ReadAsync(source.Token)) await source.CancelAsync();
        }, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Plain_text_is_one_row_without_its_byte_order_mark_and_with_its_line_ends() =>
        Assert.That(await Dataset.ReadAsync(Dataset.Write(folder, "a.txt", "\ufeffOne\r\ntwo €\n")), Is.EqualTo(new[] { new TextRow(1, "One\r\ntwo €\n") }));

    [Test]
    public async Task Plain_text_that_is_not_UTF_8_is_refused_with_its_line()
    {
        var error = await Dataset.FailureAsync(Dataset.Write(folder, "a.txt", [.. "one\ntwo é\n"u8, 0xe9, (byte)'t', 0xe9]));
        Assert.That(error.Code, Is.EqualTo(ErrorCodes.InvalidDatasetRow));
        Assert.That(error.Found, Does.Contain("line 3").And.Contain("0xe9"));
    }

    private sealed class Collector(List<DatasetProgress> reports) : IProgress<DatasetProgress>
    {
        public void Report(DatasetProgress value) => reports.Add(value);
    }
}
