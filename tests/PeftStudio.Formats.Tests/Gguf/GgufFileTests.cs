using System.Text;
using CsCheck;
using PeftStudio.Formats.Gguf;
using PeftStudio.Formats.Quantization;
using PeftStudio.TestSupport;

namespace PeftStudio.Formats.Tests.Gguf;

/// <summary>Reading and writing GGUF containers, well-formed and lying.</summary>
[TestFixture]
public sealed class GgufFileTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Every_kind_of_value_survives_writing_and_reading()
    {
        var metadata = Everything();
        using var file = WriteAndOpen(metadata, []);
        Assert.That(file.Metadata.Select(p => p.Key), Is.EqualTo(metadata.Select(p => p.Key)));
        foreach (var (key, value) in metadata) Assert.That(file.Metadata[key].ContentEquals(value), Is.True, key);
    }

    [Test]
    public void Tensors_keep_order_shape_type_and_bytes()
    {
        GgufTensor[] tensors =
        [
            new("b.weight", GgmlType.Q4_0, [3, 64]), new("a.weight", GgmlType.F32, [5]), new("c.weight", GgmlType.BF16, [2, 3, 4]), new("d", GgmlType.I8, []),
        ];
        using var file = WriteAndOpen(new GgufMetadata("test"), tensors);
        Assert.That(file.Tensors.Select(t => (t.Name, t.Type, t.ShapeText)), Is.EqualTo(tensors.Select(t => (t.Name, t.Type, t.ShapeText))));
        foreach (var tensor in tensors)
        {
            var bytes = new byte[tensor.ByteCount];
            file.Read(tensor.Name, 0, bytes);
            Assert.That(bytes, Is.EqualTo(DataOf(tensor)), tensor.Name);
        }
    }

    [Test]
    public void Reads_outside_a_tensor_are_refused()
    {
        using var file = WriteAndOpen(new GgufMetadata("test"), [new("a", GgmlType.F32, [4])]);
        Assert.That(() => file.Read("a", 8, new byte[9]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => file.Read("a", -1, new byte[1]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => file.Read("b", 0, new byte[1]), Throws.InstanceOf<KeyNotFoundException>());
    }

    [Test]
    public void An_alignment_of_the_file_is_obeyed([Values(1, 8, 64, 4096)] int alignment)
    {
        var metadata = new GgufMetadata("test") { ["general.alignment"] = GgufValue.Of((uint)alignment) };
        using var file = WriteAndOpen(metadata, [new("a", GgmlType.I8, [3]), new("b", GgmlType.I8, [5])]);
        var bytes = new byte[5];
        file.Read("b", 0, bytes);
        Assert.That(bytes, Is.EqualTo(DataOf(file.Tensors[1])));
    }

    [Test]
    public void Padding_after_the_last_tensor_may_be_missing()
    {
        var path = Write(new GgufMetadata("test"), [new("a", GgmlType.I8, [3])]);
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..^29]);
        using var file = GgufFile.Open(path);
        Assert.That(file.Tensors, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_file_cut_anywhere_is_refused_or_has_all_its_data()
    {
        var path = Write(Everything(), [new("a", GgmlType.Q8_0, [2, 32]), new("b", GgmlType.F32, [7])]);
        var bytes = File.ReadAllBytes(path);
        var cut = _folder.At("cut.gguf");
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(cut, bytes[..length]);
            TryRead(cut, $"cut to {length} bytes");
        }
    }

    [Test]
    public void A_lie_in_any_byte_gives_an_error_of_ours_or_a_readable_file()
    {
        var path = Write(Everything(), [new("a", GgmlType.Q8_0, [2, 32]), new("b", GgmlType.F32, [7])]);
        var bytes = File.ReadAllBytes(path);
        var changed = _folder.At("changed.gguf");
        for (var position = 0; position < bytes.Length; position++)
        {
            foreach (var lie in new byte[] { 0x00, 0x01, 0x7F, 0x80, 0xFF })
            {
                var copy = (byte[])bytes.Clone();
                copy[position] = lie;
                File.WriteAllBytes(changed, copy);
                TryRead(changed, $"byte {position} = {lie}");
            }
        }
    }

    [Test]
    public void Random_bytes_after_the_magic_give_an_error_of_ours() => Gen.Byte.Array[0, 200].Sample(
        bytes =>
        {
            var path = _folder.At("random.gguf");
            File.WriteAllBytes(path, [.. "GGUF"u8, 3, 0, 0, 0, .. bytes]);
            TryRead(path, "random");
        }, iter: 500, threads: 1);

    [TestCase("GGUF\u0001\0\0\0", ErrorCodes.UnsupportedGguf, "version 1")]
    [TestCase("GGUF\0\0\0\u0003", ErrorCodes.UnsupportedGguf, "big-endian")]
    [TestCase("GGML\u0003\0\0\0", ErrorCodes.InvalidGguf, "does not begin with 'GGUF'")]
    public void Other_versions_are_refused_by_name(string start, string code, string message)
    {
        var path = _folder.At("old.gguf");
        File.WriteAllBytes(path, [.. Encoding.Latin1.GetBytes(start), .. new byte[64]]);
        Assert.That(() => GgufFile.Open(path), Throws.TypeOf<PeftStudioException>().With.Property("Code").EqualTo(code).And.Message.Contains(message));
    }

    [Test]
    public void A_huge_count_is_refused_before_anything_is_allocated()
    {
        var path = _folder.At("huge.gguf");
        File.WriteAllBytes(path, [.. "GGUF"u8, 3, 0, 0, 0, .. BitConverter.GetBytes(0L), .. BitConverter.GetBytes(long.MaxValue), .. new byte[100]]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => GgufFile.Open(path), Throws.TypeOf<PeftStudioException>().With.Property("Code").EqualTo(ErrorCodes.InvalidGguf));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000_000));
    }

    [Test]
    public void A_part_that_is_not_the_first_is_refused_with_the_name_of_the_first()
    {
        var path = WritePart(1, 2, "model-00002-of-00002.gguf");
        Assert.That(() => GgufFile.Open(path), Throws.TypeOf<PeftStudioException>().With.Message.Contains("model-00001-of-00002.gguf"));
    }

    [Test]
    public void A_missing_part_is_named()
    {
        var path = WritePart(0, 2, "model-00001-of-00002.gguf");
        Assert.That(() => GgufFile.Open(path), Throws.TypeOf<PeftStudioException>().With.Property("Code").EqualTo(ErrorCodes.InvalidGgufSplit)
            .And.Message.Contains("model-00002-of-00002.gguf"));
    }

    [Test]
    public void Writing_replaces_an_old_file_only_when_all_is_written()
    {
        var path = Write(new GgufMetadata("test"), [new("a", GgmlType.I8, [3])]);
        var before = File.ReadAllBytes(path);
        Assert.That(
            () => GgufWriter.Write(path, new GgufMetadata("test"), [new("b", GgmlType.I8, [3])], (_, _) => throw new InvalidDataException("source broke")),
            Throws.TypeOf<PeftStudioException>().Or.InstanceOf<IOException>().Or.TypeOf<InvalidDataException>());
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(before));
        Assert.That(Directory.GetFiles(_folder.Path), Has.Length.EqualTo(1));
    }

    private static void TryRead(string path, string what)
    {
        try
        {
            using var file = GgufFile.Open(path);
            foreach (var tensor in file.Tensors) file.Read(tensor.Name, 0, new byte[tensor.ByteCount]);
        }
        catch (PeftStudioException)
        {
            // The promise: no other exception, whatever the bytes.
        }
        catch (Exception e)
        {
            Assert.Fail($"{what}: {e}");
        }
    }

    private static GgufMetadata Everything() => new("test")
    {
        ["general.architecture"] = GgufValue.Of("llama"),
        ["u32"] = GgufValue.Of(7u),
        ["u16"] = GgufValue.Of((ushort)8),
        ["i32"] = GgufValue.Of(-9),
        ["f32"] = GgufValue.Of(1.5f),
        ["yes"] = GgufValue.Of(true),
        ["empty"] = GgufValue.Of(string.Empty),
        ["texts"] = GgufValue.Of(["a", "", "é"]),
        ["pieces"] = GgufValue.Of([[0xC3], [0xA9, 0xFF]]),
        ["ints"] = GgufValue.Of([1, -1]),
        ["counts"] = GgufValue.Of([1u, uint.MaxValue]),
        ["scores"] = GgufValue.Of([0.5f, float.NaN]),
        ["flags"] = GgufValue.Of([true, false]),
        ["bytes"] = GgufValue.OfBytes([1, 2, 3]),
    };

    private static byte[] DataOf(GgufTensor tensor) => Enumerable.Range(0, (int)tensor.ByteCount).Select(i => (byte)(i + tensor.Name[0])).ToArray();

    private string Write(GgufMetadata metadata, GgufTensor[] tensors)
    {
        var path = _folder.At("file.gguf");
        GgufWriter.Write(path, metadata, tensors, (tensor, stream) => stream.Write(DataOf(tensor)));
        return path;
    }

    private GgufFile WriteAndOpen(GgufMetadata metadata, GgufTensor[] tensors) => GgufFile.Open(Write(metadata, tensors));

    private string WritePart(int part, int count, string name)
    {
        var metadata = new GgufMetadata("test")
        {
            ["split.no"] = GgufValue.Of((ushort)part), ["split.count"] = GgufValue.Of((ushort)count), ["split.tensors.count"] = GgufValue.Of(0),
        };
        GgufWriter.Write(_folder.At(name), metadata, [], (_, _) => { });
        return _folder.At(name);
    }
}
