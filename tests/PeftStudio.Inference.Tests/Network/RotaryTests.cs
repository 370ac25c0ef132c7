using System.Numerics;
using PeftStudio.Formats.Blueprints;
using PeftStudio.Inference.Network;
using PeftStudio.Inference.Numerics;
using PeftStudio.Inference.Tests.Support;

namespace PeftStudio.Inference.Tests.Network;

[TestFixture]
public sealed class RotaryTests
{
    [Test]
    public void Pairs_turn_by_position_times_frequency_and_the_rest_passes_through(
        [Values] RopeLayout layout, [Values(2, 6, 8, 16)] int dimensions, [Values(0, 1, 777)] int position)
    {
        const int headSize = 16;
        var blueprint = new RopeBlueprint { Dimensions = dimensions, Theta = 10_000, Layout = layout };
        using var pass = new Pass<Float32>(1, 1);
        pass.Add([5], [position], default);
        var rotary = new Rotary<Float32>(blueprint, 0);
        rotary.Prepare(pass);
        var x = Noise.Floats(2 * headSize, 1);
        var heads = x.ToArray();
        rotary.Rotate(pass, 0, heads, headSize);

        for (var head = 0; head < 2; head++)
        {
            for (var i = 0; i < dimensions / 2; i++)
            {
                var (real, imaginary) = layout == RopeLayout.Half ? (i, i + (dimensions / 2)) : (2 * i, (2 * i) + 1);
                var turned = new Complex(x[(head * headSize) + real], x[(head * headSize) + imaginary])
                    * Complex.FromPolarCoordinates(1, position * Math.Pow(10_000, -2.0 * i / dimensions));
                Assert.That(heads[(head * headSize) + real], Is.EqualTo(turned.Real).Within(1e-4));
                Assert.That(heads[(head * headSize) + imaginary], Is.EqualTo(turned.Imaginary).Within(1e-4));
            }

            var rest = ((head * headSize) + dimensions)..((head + 1) * headSize);
            Assert.That(heads[rest], Is.EqualTo(x[rest]));
        }
    }
}
