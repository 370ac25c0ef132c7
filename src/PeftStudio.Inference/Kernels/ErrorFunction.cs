using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PeftStudio.Inference.Kernels;

/// <summary>
/// erf in float32: ±(1 − e^(−x²)·P(t)) with t = 1/(1 + 0.4·|x|). P interpolates e^(x²)·erfc(x) over 0 ≤ x ≤ 6 at Chebyshev points
/// in t; its error there is below 6·10⁻⁹, so float32 rounding (about 1·10⁻⁷) decides.
/// </summary>
internal static class ErrorFunction
{
    private static ReadOnlySpan<float> Coefficients =>
    [
        0.000221773902f, 0.221723198f, 0.25642422f, 0.0708704617f, 0.552898184f, -0.562477817f, 0.835034781f, -0.461912119f, 0.0872173226f,
    ];

    /// <summary>Replaces every value by its erf.</summary>
    internal static void Apply(Span<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var i = 0;
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Erf(Vector256.LoadUnsafe(ref start, (nuint)i)).StoreUnsafe(ref start, (nuint)i);
        }

        // The rest goes the same way, so that a value's result does not depend on where it stands.
        Span<float> rest = stackalloc float[Vector256<float>.Count];
        rest.Clear();
        values[i..].CopyTo(rest);
        Erf(Vector256.Create<float>(rest)).CopyTo(rest);
        rest[..(values.Length - i)].CopyTo(values[i..]);
    }

    private static Vector256<float> Erf(Vector256<float> x)
    {
        var magnitude = Vector256.Abs(x);
        var t = Vector256<float>.One / ((magnitude * 0.4f) + Vector256<float>.One);
        var p = Vector256.Create(Coefficients[^1]);
        for (var i = Coefficients.Length - 2; i >= 0; i--) p = (p * t) + Vector256.Create(Coefficients[i]);
        return Vector256.CopySign(Vector256<float>.One - (Vector256.Exp(-(magnitude * magnitude)) * p), x);
    }
}
