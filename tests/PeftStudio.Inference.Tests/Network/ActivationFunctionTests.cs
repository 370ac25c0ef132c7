using PeftStudio.Formats.Blueprints;
using PeftStudio.Inference.Network;
using PeftStudio.Inference.Tests.Support;

namespace PeftStudio.Inference.Tests.Network;

[TestFixture]
public sealed class ActivationFunctionTests
{
    private static readonly Dictionary<Activation, Func<double, double>> Definitions = new()
    {
        [Activation.Silu] = x => x / (1 + Math.Exp(-x)),
        [Activation.GeluTanh] = x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        [Activation.Relu] = x => Math.Max(x, 0),
        [Activation.ReluSquared] = x => Math.Max(x, 0) * Math.Max(x, 0),
        // The two forms of gelu differ by less than this test's tolerance for the exact one; erf has a test of its own.
        [Activation.Gelu] = x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
    };

    [TestCaseSource(nameof(Functions))]
    public void Values_follow_the_definition(Activation function, int length)
    {
        var x = Array.ConvertAll(Noise.Floats(length, 1), v => v * 8);
        var values = x.ToArray();
        ActivationFunction.Apply(function, values, new float[length]);
        var tolerance = function == Activation.Gelu ? 1e-3 : 1e-5;
        for (var i = 0; i < length; i++) Assert.That(values[i], Is.EqualTo(Definitions[function](x[i])).Within(tolerance), $"{function}({x[i]})");
    }

    private static IEnumerable<TestCaseData> Functions() => Definitions.Keys.SelectMany(f => new[] { 1, 7, 16, 61 }.Select(n => new TestCaseData(f, n)));
}
