using PeftStudio.Inference.Kernels;

namespace PeftStudio.Inference.Tests.Kernels;

[TestFixture]
public sealed class ErrorFunctionTests
{
    [Test]
    public void Values_agree_with_the_series_in_double_precision()
    {
        var x = Enumerable.Range(-1400, 2801).Select(i => i / 300f).ToArray();
        var values = x.ToArray();
        ErrorFunction.Apply(values);
        for (var i = 0; i < x.Length; i++) Assert.That(values[i], Is.EqualTo(Series(x[i])).Within(3e-7), $"erf({x[i]})");
    }

    [Test]
    public void A_value_does_not_depend_on_where_it_stands([Range(1, 17)] int length)
    {
        var values = Enumerable.Repeat(0.7f, length).ToArray();
        ErrorFunction.Apply(values);
        Assert.That(values.Distinct(), Has.Exactly(1).Items);
    }

    [Test]
    public void Infinity_gives_one_and_no_number_gives_none()
    {
        float[] values = [float.PositiveInfinity, float.NegativeInfinity, float.NaN, 30];
        ErrorFunction.Apply(values);
        Assert.That(values, Is.EqualTo(new[] { 1f, -1f, float.NaN, 1f }));
    }

    // erf x = 2/√π · e^(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1)): all terms of one sign.
    private static double Series(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; Math.Abs(term) > 1e-18; n++) sum += term *= 2 * x * x / ((2 * n) + 1);
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
