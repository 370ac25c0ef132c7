using System.Text;
using PeftStudio.TestSupport;
using PeftStudio.Training.Data;

namespace PeftStudio.Training.Tests.Data;

[TestFixture]
public sealed class DatasetRowTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Prepare() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public async Task JSON_lines_give_every_kind_of_row_with_its_line()
    {
        var rows = await Dataset.ReadAsync(Dataset.Write(folder, "a.jsonl",
            "\ufeff{\"text\": \"größer \\u20ac\", \"id\": 1}\r\n\n{\"completion\": \"b\", \"prompt\": \"a\", \"text\": null}\n"
            + "{\"input_ids\": [1, 2], \"labels\": [-100, 2]}\n{\"input_ids\": [1, 2], \"completion_mask\": [false, true]}"));
        Assert.That(rows[0], Is.EqualTo(new TextRow(1, "größer €")));
        Assert.That(rows[1], Is.EqualTo(new PromptCompletionRow(3, "a", "b")));
        Assert.That(((TokenizedRow)rows[2]).Labels, Is.EqualTo(new[] { -100, 2 }));
        Assert.That(((TokenizedRow)rows[3]).CompletionMask, Is.EqualTo(new[] { 0, 1 }));
        Assert.That(rows[3].Line, Is.EqualTo(5));
    }

    [Test]
    public async Task A_JSON_array_gives_rows_with_the_line_on_which_each_starts() => Assert.That(
        await Dataset.ReadAsync(Dataset.Write(folder, "a.json", "[\n  {\n    \"text\": \"one\"\n  },\n\n  {\"text\": \"two\"}, {\"text\":\n\"three\"}\n]\n")),
        Is.EqualTo(new[] { new TextRow(2, "one"), new TextRow(6, "two"), new TextRow(6, "three") }));

    [Test]
    public async Task A_JSON_array_longer_than_every_buffer_keeps_its_rows_and_lines()
    {
        var texts = Enumerable.Range(0, 400).Select(i => new string((char)('a' + (i % 26)), i * 37 % 5000) + i).ToArray();
        var rows = await Dataset.ReadAsync(Dataset.Write(folder, "a.json", "[\n" + string.Join(",\n", texts.Select(t => $"{{\"text\": \"{t}\"}}")) + "\n]"));
        Assert.That(rows, Is.EqualTo(texts.Select((t, i) => new TextRow(i + 2, t))));
    }

    [Test]
    public async Task An_element_longer_than_the_first_buffer_is_read()
    {
        var text = new string('x', 1_000_000);
        Assert.That(await Dataset.ReadAsync(Dataset.Write(folder, "a.json", $"[{{\"text\": \"{text}\"}}]")), Is.EqualTo(new[] { new TextRow(1, text) }));
        Assert.That(await Dataset.ReadAsync(Dataset.Write(folder, "a.jsonl", $"{{\"text\": \"{text}\"}}")), Is.EqualTo(new[] { new TextRow(1, text) }));
    }

    [Test]
    public async Task CSV_gives_rows_with_the_line_on_which_each_starts() => Assert.That(
        await Dataset.ReadAsync(Dataset.Write(folder, "a.csv", "id,text\r\n1,\"two\r\nlines, \"\"quoted\"\"\"\r\n\r\n2,5\" pipe\r\n3,\r\n")),
        Is.EqualTo(new[] { new TextRow(2, "two\r\nlines, \"quoted\""), new TextRow(5, "5\" pipe"), new TextRow(6, "") }));

    [Test]
    public async Task TSV_and_semicolons_are_read_too()
    {
        Assert.That(await Dataset.ReadAsync(Dataset.Write(folder, "a.tsv", "prompt\tcompletion\na, b\tc\n")), Is.EqualTo(new[] { new PromptCompletionRow(2, "a, b", "c") }));
        Assert.That(await Dataset.ReadAsync(Dataset.Write(folder, "b.csv", "n;text\n1;a, b\n")), Is.EqualTo(new[] { new TextRow(2, "a, b") }));
    }

    [Test]
    public async Task Every_bad_line_is_named_with_what_was_expected_and_what_is_there()
    {
        var lines = new (byte[] Bytes, string Message)[]
        {
            ([.. "{\"text\": \"good\"}"u8], ""),
            ([.. "{\"text\": 5}"u8], "line 2: expected \"text\" to be text; there is a number: 5"),
            ([.. "{\"text\": \"cut"u8], "line 3: expected one JSON object; there is a fault at byte 14: {\"text\": \"cut"),
            ([.. "{\"prompt\": \"no completion\"}"u8], "line 4: expected \"text\", or \"prompt\" and \"completion\", or \"input_ids\"; there is prompt"),
            ([.. "{\"text\": \""u8, 0xff, .. "\"}"u8], "line 5: expected UTF-8 text; there is a byte that is none: {\"text\": \"\ufffd\"}"),
            ([.. "[1, 2]"u8], "line 6: expected a JSON object; there is a list: [1, 2]"),
            ([.. "{\"input_ids\": [1, 2], \"labels\": [1]}"u8], "line 7: expected \"labels\" to be as long as \"input_ids\", 2; there is 1"),
            ([.. "{\"input_ids\": [1, -2]}"u8], "line 8: expected token ids from 0; there is -2"),
            ([.. "{\"input_ids\": [1.5]}"u8], "line 9: expected \"input_ids\" to be a list of whole numbers; there is a list: [1.5]"),
            ([.. "{\"input_ids\": [1], \"labels\": [-5]}"u8], "line 10: expected labels from 0, or -100 for a token that is not trained; there is -5"),
            ([.. "{\"input_ids\": [1], \"completion_mask\": [2]}"u8], "line 11: expected a completion mask of 0 and 1; there is 2"),
            ([.. "{\"text\": \"\\ud83d\"}"u8], "line 12: expected whole characters; there is half a surrogate pair: {\"text\": \"\\ud83d\"}"),
            ([.. "{\"text\": \"a\"} {}"u8], "line 13: expected one JSON object; there is a fault at byte 15: {\"text\": \"a\"} {}"),
            ([.. "{\"text\": \"good\"}"u8], ""),
        };
        var error = await Dataset.FailureAsync(Dataset.Write(folder, "a.jsonl", lines.SelectMany(l => l.Bytes.Append((byte)'\n')).ToArray()));
        Assert.That(error.Code, Is.EqualTo(ErrorCodes.InvalidDatasetRow));
        Assert.That(error.Found.Split('\n'), Is.EqualTo(lines.Select(l => l.Message).Where(m => m.Length > 0).Append("(every other row is usable)")));
    }

    [Test]
    public async Task After_a_bad_row_no_further_row_is_given()
    {
        var file = await DatasetFile.OpenAsync(Dataset.Write(folder, "a.jsonl", "{\"text\": \"a\"}\n{}\n{\"text\": \"b\"}\n"));
        var rows = new List<DatasetRow>();
        await Assert.CatchAsync<PeftStudioException>(async () =>
        {
            await foreach (var row in file.ReadAsync()) rows.Add(row);
        });
        Assert.That(rows, Is.EqualTo(new[] { new TextRow(1, "a") }));
    }

    [Test]
    public async Task Bad_lines_are_counted_up_to_the_limit()
    {
        var error = await Dataset.FailureAsync(Dataset.Write(folder, "a.jsonl", "{\"text\": \"a\"}\n" + string.Concat(Enumerable.Repeat("oops\n", 50))),
            new DatasetOptions { MaximumErrors = 3 });
        Assert.That(error.Found.Split('\n'), Has.Length.EqualTo(4));
        Assert.That(error.Found, Does.Contain("line 4").And.Contain("stopped after 3 bad rows").And.Not.Contain("line 5"));
    }

    [TestCase("a.jsonl", "{\"question\": \"a\", \"answer\": \"b\"}\n{\"question\": \"c\", \"answer\": \"d\"}\n")]
    [TestCase("a.json", "[{\"question\": \"a\", \"answer\": \"b\"}]")]
    [TestCase("a.csv", "question,answer\na,b\n")]
    public async Task Rows_of_another_shape_are_refused_once_with_the_fields_they_have(string name, string content)
    {
        var error = await Dataset.FailureAsync(Dataset.Write(folder, name, content));
        Assert.That(error.Code, Is.EqualTo(ErrorCodes.UnsupportedDataset));
        Assert.That(error.Found, Is.EqualTo("rows with the fields question, answer"));
    }

    [TestCase("{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}", "messages")]
    [TestCase("{\"conversations\": [{\"from\": \"human\", \"value\": \"Hi\"}]}", "conversations")]
    [TestCase("{\"prompt\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"completion\": [{\"role\": \"assistant\", \"content\": \"Yes\"}]}", "prompt")]
    public async Task Chat_rows_are_refused_by_name(string line, string field)
    {
        var error = await Dataset.FailureAsync(Dataset.Write(folder, "a.jsonl", line));
        Assert.That(error.Code, Is.EqualTo(ErrorCodes.UnsupportedDataset));
        Assert.That(error.Summary, Does.Contain("chat template"));
        Assert.That(error.Found, Does.Contain($"\"{field}\""));
    }

    [TestCase("[{\"text\": \"a\"},\n{\"text\": \"b\"},]", 2)]
    [TestCase("[{\"text\": \"a\"},\n{\"text\": \"b\"}", 2)]
    [TestCase("[{\"text\": \"a\"}\n{\"text\": \"b\"}]", 2)]
    [TestCase("[{\"text\": \"a\"}]\n\n[]", 3)]
    public async Task A_broken_JSON_array_is_named_with_the_line_of_the_break(string content, int line)
    {
        var error = await Dataset.FailureAsync(Dataset.Write(folder, "a.json", content));
        Assert.That(error.Code, Is.EqualTo(ErrorCodes.InvalidDatasetRow));
        Assert.That(error.Found, Does.Contain($"line {line}:"));
    }

    [Test]
    public async Task A_bad_element_of_a_JSON_array_does_not_hide_the_others()
    {
        var error = await Dataset.FailureAsync(Dataset.Write(folder, "a.json", "[{\"text\": \"a\"},\n7,\n{\"text\": null},\n{\"text\": \"b\"}]"));
        Assert.That(error.Found, Does.Contain("line 2").And.Contain("line 3"));
    }

    [Test]
    public async Task Bad_CSV_records_are_named()
    {
        var error = await Dataset.FailureAsync(Dataset.Write(folder, "a.csv",
            [.. "id,text\n1,a,b\n2,\"x\"y\n3\n4,"u8, 0xff, .. "\n5,\"open\nand never closed\n"u8]));
        Assert.That(error.Found, Does.Contain("line 2: expected 2 fields; there is 3 fields: 1,a,b")
            .And.Contain("line 3: expected quotes").And.Contain("line 4: expected 2 fields; there is 1 field: 3")
            .And.Contain("line 5: expected UTF-8 text").And.Contain("line 6: expected quotes"));
    }

    [Test]
    public async Task A_CSV_header_that_names_a_column_twice_is_refused() =>
        Assert.That((await Dataset.FailureAsync(Dataset.Write(folder, "a.csv", "text,text\na,b\n"))).Found, Does.Contain("\"text\" twice"));

    [TestCase("a.jsonl", "{\"text\": \"§\"}\n"), TestCase("a.json", "[{\"text\": \"§\"}]"), TestCase("a.csv", "text\n\"§\"\n")]
    public async Task A_row_over_the_limit_is_refused_with_its_line(string name, string content)
    {
        var path = Dataset.Write(folder, name, content.Replace("§", new string('x', 300_000), StringComparison.Ordinal));
        Assert.That(await Dataset.ReadAsync(path, new DatasetOptions { MaximumRowBytes = 300_100 }), Has.Count.EqualTo(1));
        var error = await Dataset.FailureAsync(path, new DatasetOptions { MaximumRowBytes = 299_999 });
        Assert.That(error.Code, Is.EqualTo(ErrorCodes.DatasetTooLarge));
        Assert.That(error.Found, Does.Contain(name == "a.csv" ? "line 2:" : "line 1:"));
    }

    [Test]
    public async Task Deeply_nested_JSON_is_a_bad_line_and_nothing_worse() => Assert.That(
        (await Dataset.FailureAsync(Dataset.Write(folder, "a.jsonl", "{\"text\": \"a\"}\n{\"text\": " + new string('[', 100_000) + "\n"))).Code,
        Is.EqualTo(ErrorCodes.InvalidDatasetRow));

    [Test]
    public async Task What_a_dataset_holds_cannot_forge_a_line_of_a_message()
    {
        var error = await Dataset.FailureAsync(Dataset.Write(folder, "a.jsonl", "{\"text\": \"a\"}\n\u001b[31m\r\u202epanic\n"));
        Assert.That(error.Found, Does.Contain("\\u001b[31m\\u000d\\u202epanic"));
    }

    [Test]
    public async Task Real_files_are_read()
    {
        Assert.That(await Dataset.ReadAsync(TestData.At("datasets", "wikisql-mlx", "valid.jsonl")), Has.Count.EqualTo(100).And.All.InstanceOf<TextRow>());
        var banking = await Dataset.ReadAsync(TestData.At("datasets", "banking77", "test.csv"));
        Assert.That(banking, Has.Count.EqualTo(3080));
        Assert.That(banking[1], Is.EqualTo(new TextRow(3, "I still have not received my new card, I ordered over a week ago.")));
        var identity = await Dataset.FailureAsync(TestData.At("datasets", "llama-factory-demo", "identity.json"));
        Assert.That(identity.Found, Is.EqualTo("rows with the fields instruction, input, output"));
    }

    /// <summary>Any bytes give rows or our exception: never another one, never a hang.</summary>
    [Test]
    public async Task Damaged_files_give_our_exception_and_no_other([Values("a.jsonl", "a.json", "a.csv", "a.txt")] string name)
    {
        const int Seed = 20_260_801;
        var random = new Random(Seed);
        var good = Encoding.UTF8.GetBytes(name switch
        {
            "a.jsonl" => "{\"text\": \"é\"}\n{\"prompt\": \"a\", \"completion\": \"b\"}\n{\"input_ids\": [1, 2], \"labels\": [-100, 2]}\n",
            "a.json" => "[{\"text\": \"é\"},\n{\"input_ids\": [1, 2], \"completion_mask\": [0, 1]}]",
            "a.csv" => "prompt,completion\n\"a \"\"b\"\"\",c\nd,\"e\nf\"\n",
            _ => "Some text é\n",
        });
        for (var i = 0; i < 150; i++)
        {
            var bytes = random.Next(3) == 0 ? good[..random.Next(good.Length)] : (byte[])good.Clone();
            for (var k = random.Next(4); k > 0 && bytes.Length > 0; k--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var content = random.Next(4) == 0 ? Dataset.Gzip(bytes) : bytes;
            if (content.Length > 0 && random.Next(8) == 0) content[random.Next(content.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                await Dataset.ReadAsync(Dataset.Write(folder, name, content));
            }
            catch (PeftStudioException)
            {
                continue;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {Seed}, round {i}: {Convert.ToHexString(content)}\n{e}");
            }
        }
    }
}
