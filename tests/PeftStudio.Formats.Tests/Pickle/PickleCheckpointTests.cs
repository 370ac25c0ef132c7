using System.IO.Compression;
using CsCheck;
using PeftStudio.Formats.Pickle;
using PeftStudio.Formats.Tensors;
using PeftStudio.TestSupport;

namespace PeftStudio.Formats.Tests.Pickle;

/// <summary>Pickled weights: what is read, and what is refused.</summary>
[TestFixture]
public sealed class PickleCheckpointTests
{
    private static readonly float[] Six = [0, 1, 2, 3, 4, 5];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void A_real_adapter_of_the_lora_paper_is_read()
    {
        using var file = PickleCheckpoint.Open(TestData.At("adapters", "roberta-base-mnli", "roberta_base_lora_mnli.bin"));
        Assert.That(file.Tensors, Has.Count.EqualTo(52));
        Assert.That(file.Tensors["roberta.encoder.layer.0.attention.self.query.lora_A"].ShapeText, Is.EqualTo("[8, 768]"));
        Assert.That(file.ReadFloats("roberta.encoder.layer.0.attention.self.query.lora_B")[..3], Is.EqualTo(new[] { -0.004907315131276846f, -0.11147885769605637f, 0.02558082528412342f }));
        Assert.That(file.ReadFloats("classifier.out_proj.bias"), Is.EqualTo(new[] { -0.04712573438882828f, 0.0525931641459465f, -0.012944169342517853f }));
    }

    [Test]
    public void The_form_before_torch_1_6_is_read()
    {
        using var file = PickleCheckpoint.Open(TestData.At("golden", "models", "llama-legacy-bin", "pytorch_model.bin"));
        var embedding = file.Tensors["model.embed_tokens.weight"];
        Assert.That((embedding.Type, embedding.ShapeText), Is.EqualTo((TensorType.BF16, "[96, 24]")));
        Assert.That(file.ReadBytes("model.embed_tokens.weight")[..4], Is.EqualTo(new byte[] { 0x27, 0x3E, 0x5A, 0x3E }));
    }

    [Test]
    public void A_transposed_view_is_read_in_row_major_order([Values] bool legacy)
    {
        using var file = Open(new TorchFileBuilder { Legacy = legacy }.Storage("0", Six).Tensor("t", "0", 6, 0, [3, 2], [1, 3]));
        Assert.That(file.ReadFloats("t"), Is.EqualTo(new float[] { 0, 3, 1, 4, 2, 5 }));
    }

    [Test]
    public void Parts_of_a_strided_tensor_equal_parts_of_the_whole()
    {
        using var file = Open(new TorchFileBuilder().Storage("0", Six).Tensor("t", "0", 6, 0, [3, 2], [1, 3]));
        var whole = file.ReadBytes("t");
        Gen.Select(Gen.Int[0, 24], Gen.Int[0, 24]).Sample((a, b) =>
        {
            var part = new byte[Math.Abs(a - b)];
            file.Read("t", Math.Min(a, b), part);
            return part.AsSpan().SequenceEqual(whole.AsSpan(Math.Min(a, b), part.Length));
        }, iter: 300, threads: 1);
    }

    [Test]
    public void Tensors_may_share_a_storage([Values] bool legacy)
    {
        using var file = Open(new TorchFileBuilder { Legacy = legacy }.Storage("0", Six)
            .Tensor("all", "0", 6, 0, [6], [1]).Tensor("slice", "0", 6, 2, [2, 2], [2, 1]).Tensor("scalar", "0", 6, 5, [], []));
        Assert.That(file.ReadFloats("all"), Is.EqualTo(Six));
        Assert.That(file.ReadFloats("slice"), Is.EqualTo(new float[] { 2, 3, 4, 5 }));
        Assert.That(file.ReadFloats("scalar"), Is.EqualTo(new float[] { 5 }));
    }

    [Test]
    public void Weights_below_state_dict_are_found()
    {
        byte[] inner = [.. TorchFileBuilder.TextOpcodes("state_dict"), (byte)'}', (byte)'('];
        var builder = new TorchFileBuilder().Storage("0", Six).Raw(TorchFileBuilder.TextOpcodes("epoch")).Raw((byte)'K', 3).Raw(inner)
            .Tensor("w", "0", 6, 0, [6], [1]).Raw((byte)'u');
        using var file = Open(builder);
        Assert.That(file.Tensors.Keys, Is.EqualTo(new[] { "w" }));
    }

    [TestCase("posix", "system")]
    [TestCase("builtins", "eval")]
    [TestCase("torch", "load")]
    [TestCase("torch._utils", "_rebuild_sparse_tensor")]
    public void A_pickle_that_wants_to_call_something_is_refused_by_name(string module, string name)
    {
        var path = Write(new TorchFileBuilder().Raw([.. TorchFileBuilder.TextOpcodes("x"), .. TorchFileBuilder.GlobalOpcodes(module, name), .. "(t"u8, (byte)'R']));
        Assert.That(
            () => PickleCheckpoint.Open(path),
            Throws.TypeOf<PeftStudioException>().With.Property("Code").EqualTo(ErrorCodes.ForbiddenPickle).And.Message.Contains($"{module}.{name}"));
    }

    [TestCase('i')] // INST
    [TestCase('o')] // OBJ
    [TestCase('P')] // PERSID
    [TestCase('F')] // FLOAT as text
    public void Opcodes_that_weights_do_not_need_are_refused(char opcode)
    {
        var path = Write(new TorchFileBuilder().Raw((byte)opcode));
        Assert.That(() => PickleCheckpoint.Open(path), Throws.TypeOf<PeftStudioException>().With.Property("Code").EqualTo(ErrorCodes.ForbiddenPickle));
    }

    [TestCase(6L, 4L, new long[] { 3 }, new long[] { 1 }, TestName = "A_tensor_beyond_its_storage_is_refused")]
    [TestCase(7L, 0L, new long[] { 7 }, new long[] { 1 }, TestName = "A_storage_beyond_its_entry_is_refused")]
    [TestCase(6L, 0L, new[] { 1L << 40, 1L << 40 }, new long[] { 0, 0 }, TestName = "A_tensor_that_repeats_a_few_bytes_endlessly_is_refused")]
    [TestCase(6L, 0L, new long[] { 2 }, new long[] { -1 }, TestName = "A_negative_stride_is_refused")]
    [TestCase(6L, 0L, new long[] { 2, 2 }, new long[] { 1 }, TestName = "Strides_of_another_rank_are_refused")]
    [TestCase(6L, 0L, new[] { long.MaxValue, 2 }, new[] { long.MaxValue, 1 }, TestName = "A_size_that_overflows_is_refused")]
    public void Lying_tensors_are_refused(long count, long offset, long[] shape, long[] strides)
    {
        foreach (var legacy in new[] { false, true })
        {
            var path = Write(new TorchFileBuilder { Legacy = legacy }.Storage("0", Six).Tensor("t", "0", count, offset, shape, strides));
            Assert.That(() => PickleCheckpoint.Open(path), Throws.TypeOf<PeftStudioException>().With.Property("Code").EqualTo(ErrorCodes.InvalidPickle), $"legacy {legacy}");
        }
    }

    [Test]
    public void A_compressed_archive_is_refused()
    {
        var path = _folder.At("compressed.bin");
        File.WriteAllBytes(path, new TorchFileBuilder().Storage("0", new float[1000]).Tensor("t", "0", 1000, 0, [1000], [1]).Build(CompressionLevel.Optimal));
        Assert.That(() => PickleCheckpoint.Open(path), Throws.TypeOf<PeftStudioException>().With.Message.Contains("compressed"));
    }

    [Test]
    public void A_file_cut_or_changed_anywhere_gives_an_error_of_ours_or_is_readable([Values] bool legacy)
    {
        var bytes = new TorchFileBuilder { Legacy = legacy }.Storage("0", Six).Tensor("t", "0", 6, 0, [3, 2], [1, 3]).Tensor("u", "0", 6, 1, [2], [2]).Build();
        var path = _folder.At("changed.bin");
        for (var position = 0; position < bytes.Length; position++)
        {
            File.WriteAllBytes(path, bytes[..position]);
            TryRead(path, $"cut to {position}");
            foreach (var lie in new byte[] { 0x00, 0x01, (byte)'(', (byte)'N', (byte)'R', 0x7F, 0xFF })
            {
                var copy = (byte[])bytes.Clone();
                copy[position] = lie;
                File.WriteAllBytes(path, copy);
                TryRead(path, $"byte {position} = {lie}");
            }
        }
    }

    [Test]
    public void Random_opcodes_give_an_error_of_ours()
    {
        // Allowed opcodes with random operands reach further than random bytes.
        byte[][] pieces =
        [
            .. "(NtuReabsQ})]h.qJKMX"u8.ToArray().Select(b => new[] { b }), [0x00], [0x01], [0x85], [0x86], [0x94], TorchFileBuilder.TextOpcodes("storage"),
            TorchFileBuilder.GlobalOpcodes("torch", "FloatStorage"), TorchFileBuilder.GlobalOpcodes("torch._utils", "_rebuild_tensor_v2"),
            TorchFileBuilder.GlobalOpcodes("collections", "OrderedDict"),
        ];
        Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]).Array[0, 40].Sample(parts =>
        {
            var path = _folder.At("random.bin");
            File.WriteAllBytes(path, new TorchFileBuilder().Storage("0", Six).Raw(parts.SelectMany(p => p).ToArray()).Build());
            TryRead(path, "random");
        }, iter: 1000, threads: 1);
    }

    [Test]
    public void A_file_of_many_tiny_containers_is_refused_before_it_fills_the_memory()
    {
        var path = Write(new TorchFileBuilder().Raw(Enumerable.Repeat((byte)'}', 2_000_000).ToArray()));
        Assert.That(() => PickleCheckpoint.Open(path), Throws.TypeOf<PeftStudioException>().With.Property("Code").EqualTo(ErrorCodes.InvalidPickle));
    }

    private static void TryRead(string path, string what)
    {
        try
        {
            using var file = PickleCheckpoint.Open(path);
            foreach (var name in file.Tensors.Keys) file.ReadBytes(name);
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

    private string Write(TorchFileBuilder builder)
    {
        var path = _folder.At("file.bin");
        File.WriteAllBytes(path, builder.Build());
        return path;
    }

    private PickleCheckpoint Open(TorchFileBuilder builder) => PickleCheckpoint.Open(Write(builder));
}
