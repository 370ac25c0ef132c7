using System.Runtime.InteropServices;
using PeftStudio.Formats.Quantization;
using PeftStudio.Formats.Safetensors;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Golden;

/// <summary>Group <c>quantization</c>: block formats against ggml's bytes and values.</summary>
[TestFixture]
[Category("Golden")]
public sealed class QuantizationCases
{
    /// <summary>The README's limit where bytes may differ: root mean square error a row, relative to the reference's.</summary>
    private const double LargestErrorRatio = 1.01;

    [TestCaseSource(typeof(GoldenCase), nameof(GoldenCase.Of), new object[] { "quantization" })]
    public void Blocks_equal_the_references(GoldenCase golden)
    {
        switch (golden.Text("scheme"))
        {
            case "gguf-blocks": CheckWriting(golden); break;
            case "gguf-dequantize": CheckReading(golden); break;
            case var scheme: golden.SkipAsNotBuilt($"the scheme '{scheme}'"); break;
        }
    }

    private static void CheckReading(GoldenCase golden)
    {
        using var vectors = SafetensorsFile.Open(golden.At("vectors.safetensors"));
        Assert.Multiple(() =>
        {
            foreach (var name in vectors.Tensors.Keys.Where(n => n.EndsWith(".bytes", StringComparison.Ordinal)))
            {
                var type = TypeOf(name);
                var bytes = vectors.ReadBytes(name);
                var values = new float[bytes.Length / GgmlTypes.BlockBytes(type) * GgmlTypes.BlockElements(type)];
                if (!BlockFormats.CanDequantize(type))
                {
                    Assert.That(type.ToString(), Does.StartWith("IQ1").Or.StartWith("IQ2").Or.StartWith("IQ3"), "types that may be refused");
                    Assert.That(() => BlockFormats.Dequantize(type, bytes, values), Throws.TypeOf<PeftStudioException>().With.Message.Contains(type.ToString()));
                    continue;
                }

                BlockFormats.Dequantize(type, bytes, values);
                Assert.That(Bits(values), Is.EqualTo(Bits(vectors.ReadFloats($"{type}.dequantized"))), type.ToString());
            }
        });
    }

    private static void CheckWriting(GoldenCase golden)
    {
        using var vectors = SafetensorsFile.Open(golden.At("vectors.safetensors"));
        var width = (int)vectors.Tensors["input"].Shape[1];
        var input = vectors.ReadFloats("input");
        var importance = vectors.ReadFloats("importance");
        Assert.Multiple(() =>
        {
            foreach (var name in vectors.Tensors.Keys.Where(n => n.EndsWith("bytes", StringComparison.Ordinal)))
            {
                var type = TypeOf(name);
                var weights = name.EndsWith(".importance_bytes", StringComparison.Ordinal) ? importance : [];
                var expected = vectors.ReadBytes(name);
                Assert.That(QuantizeRows(type, input, width, weights), Is.EqualTo(expected), name);
            }
        });

        foreach (var entry in golden.Json.GetProperty("entries").EnumerateArray())
        {
            var type = Enum.Parse<GgmlType>(entry.GetProperty("type").GetString()!);
            var errors = RowErrors(type, input, width, QuantizeRows(type, input, width, []));
            var reference = entry.GetProperty("rms_error").EnumerateArray().Select(e => e.GetDouble()).ToArray();
            for (var row = 0; row < errors.Length; row++)
            {
                Assert.That(errors[row], Is.LessThanOrEqualTo((reference[row] * LargestErrorRatio) + 1e-12), $"{type}, row {row}");
            }
        }
    }

    private static byte[] QuantizeRows(GgmlType type, float[] input, int width, float[] importance)
    {
        var rowBytes = (int)GgmlTypes.ByteCount(type, width);
        var bytes = new byte[input.Length / width * rowBytes];
        for (var row = 0; row * width < input.Length; row++)
        {
            BlockFormats.Quantize(type, input.AsSpan(row * width, width), bytes.AsSpan(row * rowBytes, rowBytes), importance);
        }

        return bytes;
    }

    private static double[] RowErrors(GgmlType type, float[] input, int width, byte[] bytes)
    {
        var values = new float[input.Length];
        BlockFormats.Dequantize(type, bytes, values);
        return Enumerable.Range(0, input.Length / width)
            .Select(row => Math.Sqrt(Enumerable.Range(row * width, width).Average(i => Math.Pow(values[i] - (double)input[i], 2))))
            .ToArray();
    }

    private static GgmlType TypeOf(string tensor) => Enum.Parse<GgmlType>(tensor[..tensor.IndexOf('.', StringComparison.Ordinal)]);

    // NaN payloads and the sign of zero count.
    private static uint[] Bits(float[] values) => MemoryMarshal.Cast<float, uint>(values).ToArray();
}
