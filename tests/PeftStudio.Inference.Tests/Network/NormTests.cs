using PeftStudio.Formats.Blueprints;
using PeftStudio.Inference.Network;
using PeftStudio.Inference.Numerics;
using PeftStudio.Inference.Tests.Support;

namespace PeftStudio.Inference.Tests.Network;

[TestFixture]
public sealed class NormTests
{
    private const float Epsilon = 1e-5f;

    [Test]
    public void Float32_follows_the_formula(
        [Values(NormKind.Rms, NormKind.RmsCastLast, NormKind.RmsOnePlus, NormKind.Layer)] NormKind kind,
        [Values(1, 7, 16, 45)] int width, [Values] bool hasBias)
    {
        var (x, weight, bias) = (Noise.Floats(width, 1), Noise.Floats(width, 2), hasBias ? Noise.Floats(width, 3) : null);
        var row = x.ToArray();
        new Norm<Float32>(new("n", kind, width, Epsilon, hasBias), weight, bias).Normalise(row);

        var mean = kind == NormKind.Layer ? x.Average(v => (double)v) : 0;
        var root = Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + Epsilon);
        for (var i = 0; i < width; i++)
        {
            var factor = kind == NormKind.RmsOnePlus ? 1 + (double)weight[i] : weight[i];
            Assert.That(row[i], Is.EqualTo(((x[i] - mean) / root * factor) + (bias?[i] ?? 0)).Within(2e-5));
        }
    }

    [Test]
    public void Bfloat16_rounds_before_the_weight_in_the_Llama_form_and_after_it_in_the_other()
    {
        // x / rms is 1/1.0000… for equal values, so take two that differ: 1 and 2 with root 1.58…
        float[] x = [1, 2];
        float[] weight = [BFloat16.Round(1.3f), BFloat16.Round(0.7f)];
        var root = MathF.Sqrt(2.5f + Epsilon);
        var (before, after) = (x.ToArray(), x.ToArray());
        new Norm<BFloat16>(new("n", NormKind.Rms, 2, Epsilon), weight, null).Normalise(before);
        new Norm<BFloat16>(new("n", NormKind.RmsCastLast, 2, Epsilon), weight, null).Normalise(after);
        Assert.That(before, Is.EqualTo(x.Select((v, i) => BFloat16.Round(BFloat16.Round(v * (1 / root)) * weight[i]))));
        Assert.That(after, Is.EqualTo(x.Select((v, i) => BFloat16.Round(v * (1 / root) * weight[i]))));
    }
}
