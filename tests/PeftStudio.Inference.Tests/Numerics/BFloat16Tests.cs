using PeftStudio.Inference.Numerics;
using PeftStudio.Inference.Tests.Support;

namespace PeftStudio.Inference.Tests.Numerics;

[TestFixture]
public sealed class BFloat16Tests
{
    private static readonly float[] Special =
    [
        0, -0f, 1, -1, float.Epsilon, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN,
        1.00390625f, 1.01171875f, BitConverter.UInt32BitsToSingle(0x7F80_0001), BitConverter.UInt32BitsToSingle(0xFFFF_FFFF),
    ];

    [Test]
    public void Vectors_round_as_single_values_do([Values(0, 1, 7, 8, 15, 16, 17, 33, 100)] int length)
    {
        var source = Noise.Floats(length, 1).Select((v, i) => i % 3 == 0 ? Special[i / 3 % Special.Length] : v).ToArray();
        var narrow = new BFloat16[length];
        BFloat16.Narrow(source, narrow);
        var wide = new float[length];
        BFloat16.Widen(narrow, wide);
        var rounded = source.ToArray();
        BFloat16.Round(rounded);

        var expected = source.Select(BFloat16.Round).ToArray();
        Assert.That(Bits(wide), Is.EqualTo(Bits(expected)));
        Assert.That(Bits(rounded), Is.EqualTo(Bits(expected)));
        Assert.That(Bits(Array.ConvertAll(narrow, BFloat16.Widen)), Is.EqualTo(Bits(expected)));
    }

    [Test]
    public void Ties_go_to_the_even_neighbour()
    {
        // 8 bits of precision: 1 + 2⁻⁸ lies between 1 and 1 + 2⁻⁷.
        Assert.That(BFloat16.Round(1 + (1 / 256f)), Is.EqualTo(1f));
        Assert.That(BFloat16.Round(1 + (3 / 256f)), Is.EqualTo(1 + (1 / 64f)));
    }

    [Test]
    public void A_panel_has_a_place_of_its_own_for_every_element([Values(1, 2, 5, 8)] int columns)
    {
        Assert.That(Places<Float32>(columns), Is.Unique.And.All.InRange(0, (int)Float32.PanelLength(columns) - 1));
        Assert.That(Places<BFloat16>(columns), Is.Unique.And.All.InRange(0, (int)BFloat16.PanelLength(columns) - 1));
    }

    private static int[] Places<T>(int columns)
        where T : unmanaged, IElement<T> =>
        Enumerable.Range(0, 16 * columns).Select(i => (int)T.PanelIndex(i % 16, i / 16)).ToArray();

    // NaN payloads are not compared: a NaN is one quiet pattern here.
    private static uint[] Bits(float[] values) => Array.ConvertAll(values, v => float.IsNaN(v) ? 0x7FC0_0000u : BitConverter.SingleToUInt32Bits(v));
}
