using CsCheck;
using PeftStudio.Formats.Quantization.Blocks;

namespace PeftStudio.Formats.Tests.Quantization;

/// <summary>The vector paths against their scalar definitions, at lengths that leave every remainder.</summary>
[TestFixture]
public sealed class CodesTests
{
    [Test]
    public void Scaling_codes_equals_its_scalar_definition_bit_for_bit([Values(0, 1, 15, 16, 17, 31, 32, 33, 47, 255)] int n)
    {
        var codes = Gen.SByte.Array[n];
        var scales = Gen.Float;
        Gen.Select(codes, Gen.Int[-32, 32], scales, scales).Sample((c, shift, scale, offset) =>
        {
            float[] vector = new float[n], scalar = new float[n], vectorSum = new float[n], scalarSum = new float[n];
            Codes.Scale(c, shift, scale, vector);
            Codes.ScaleScalar(c, shift, scale, scalar);
            Codes.ScaleAdd(c, scale, offset, vectorSum);
            Codes.ScaleAddScalar(c, scale, offset, scalarSum);
            return Same(vector, scalar) && Same(vectorSum, scalarSum);
        }, iter: 200);
    }

    [Test]
    public void Packed_nibbles_unpack_to_themselves([Values(1, 15, 16, 17, 64)] int bytes) => Gen.SByte[0, 15].Array[2 * bytes].Sample(
        codes =>
        {
            var packed = new byte[bytes];
            var back = new sbyte[2 * bytes];
            Codes.PackNibbles(codes, packed);
            Codes.UnpackNibbles(packed, back);
            return back.SequenceEqual(codes);
        }, iter: 200);

    [Test]
    public void Packed_pairs_of_bits_unpack_to_themselves() => Gen.SByte[0, 3].Array[256].Sample(
        codes =>
        {
            var packed = new byte[64];
            var back = new sbyte[256];
            TwoBits.Pack(codes, packed);
            TwoBits.Unpack(packed, back);
            return back.SequenceEqual(codes);
        }, iter: 200);

    [TestCase(0.5f, 0)]
    [TestCase(1.5f, 2)]
    [TestCase(-2.5f, -2)]
    [TestCase(-7.6f, -8)]
    [TestCase(2_000_000.4f, 2_000_000)]
    public void Nearest_rounds_ties_to_even(float value, int expected) => Assert.That(ScaleSearch.Nearest(value), Is.EqualTo(expected));

    // NaN results come from infinite scales; which NaN does not matter.
    private static bool Same(float[] a, float[] b) => a.Zip(b).All(p =>
        BitConverter.SingleToInt32Bits(p.First) == BitConverter.SingleToInt32Bits(p.Second) || (float.IsNaN(p.First) && float.IsNaN(p.Second)));
}
