using CsCheck;
using PeftStudio.Formats.Quantization;

namespace PeftStudio.Formats.Tests.Quantization;

/// <summary>Promises about every block format; their bytes and values are compared with the reference in the golden tests.</summary>
[TestFixture]
public sealed class BlockFormatsTests
{
    private static readonly GgmlType[] Writable = Enum.GetValues<GgmlType>().Where(BlockFormats.CanQuantize).ToArray();

    /// <summary>Largest error of a value, relative to the block's largest magnitude: half a step, with room for a scale in binary16.</summary>
    private static double ErrorOf(GgmlType type) => type switch
    {
        GgmlType.F32 => 0,
        GgmlType.F16 => 1.0 / 2048,
        GgmlType.BF16 => 1.0 / 256,
        GgmlType.Q8_0 => 0.005,
        GgmlType.Q6_K => 0.05,
        GgmlType.Q5_0 or GgmlType.Q5_1 or GgmlType.Q5_K => 0.1,
        GgmlType.Q4_0 or GgmlType.Q4_1 or GgmlType.Q4_K or GgmlType.IQ4_NL or GgmlType.IQ4_XS or GgmlType.MXFP4 or GgmlType.NVFP4 => 0.3,
        _ => 1.01,
    };

    [TestCaseSource(nameof(Writable))]
    public void What_is_written_reads_back_within_the_formats_step(GgmlType type)
    {
        var n = GgmlTypes.BlockElements(type) * 2;
        Gen.Float[-1f, 1f].Array[n].Sample(values =>
        {
            var back = RoundTrip(type, values);
            var largest = values.Max(MathF.Abs);
            return values.Zip(back).All(p => Math.Abs(p.First - p.Second) <= (ErrorOf(type) * largest) + 1e-6);
        }, iter: 100);
    }

    [TestCaseSource(nameof(Writable))]
    public void Zeros_stay_zeros(GgmlType type)
    {
        var back = RoundTrip(type, new float[GgmlTypes.BlockElements(type)]);
        Assert.That(back, Is.All.EqualTo(0f));
    }

    [TestCase(GgmlType.Q8_0)]
    [TestCase(GgmlType.Q4_0)]
    [TestCase(GgmlType.Q5_0)]
    [TestCase(GgmlType.TQ2_0)]
    [TestCase(GgmlType.MXFP4)]
    public void Writing_what_was_read_gives_values_that_read_the_same(GgmlType type) =>
        Gen.Float[-4f, 4f].Array[GgmlTypes.BlockElements(type)].Sample(values =>
        {
            var once = RoundTrip(type, values);
            return RoundTrip(type, once).Zip(once).All(p => Math.Abs(p.First - p.Second) <= 1e-3 * Math.Abs(p.Second));
        }, iter: 100);

    [TestCaseSource(nameof(Writable))]
    public void Values_that_are_not_finite_do_no_harm(GgmlType type)
    {
        var values = new float[GgmlTypes.BlockElements(type)];
        values[0] = float.NaN;
        if (values.Length > 2) (values[1], values[2]) = (float.PositiveInfinity, float.MinValue);
        Assert.That(() => RoundTrip(type, values), Throws.Nothing);
    }

    [Test]
    public void Any_bytes_can_be_read([ValueSource(nameof(Writable))] GgmlType type) =>
        Gen.Byte.Array[GgmlTypes.BlockBytes(type)].Sample(bytes =>
        {
            BlockFormats.Dequantize(type, bytes, new float[GgmlTypes.BlockElements(type)]);
        }, iter: 100);

    [Test]
    public void Lattice_types_are_refused_by_name()
    {
        var bytes = new byte[GgmlTypes.BlockBytes(GgmlType.IQ2_XS)];
        Assert.That(
            () => BlockFormats.Dequantize(GgmlType.IQ2_XS, bytes, new float[256]),
            Throws.TypeOf<PeftStudioException>().With.Property("Code").EqualTo(ErrorCodes.UnsupportedTensorType).And.Message.Contains("IQ2_XS"));
    }

    [Test]
    public void Lengths_that_do_not_belong_together_are_refused()
    {
        Assert.That(() => BlockFormats.Dequantize(GgmlType.Q4_0, new byte[18], new float[31]), Throws.ArgumentException);
        Assert.That(() => BlockFormats.Quantize(GgmlType.Q4_0, new float[64], new byte[18]), Throws.ArgumentException);
        Assert.That(() => BlockFormats.Quantize(GgmlType.Q4_0, new float[32], new byte[18], new float[16]), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void Retired_numbers_are_no_types([Values(4u, 5u, 31u, 32u, 33u, 36u, 37u, 38u, 43u, uint.MaxValue)] uint number) =>
        Assert.That(GgmlTypes.IsKnown(number), Is.False);

    private static float[] RoundTrip(GgmlType type, float[] values)
    {
        var bytes = new byte[GgmlTypes.ByteCount(type, values.Length)];
        BlockFormats.Quantize(type, values, bytes);
        var back = new float[values.Length];
        BlockFormats.Dequantize(type, bytes, back);
        return back;
    }
}
