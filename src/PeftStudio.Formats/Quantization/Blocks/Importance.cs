namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>How much the error of each column counts: mean squared activations, or nothing.</summary>
internal readonly ref struct Importance
{
    private readonly ReadOnlySpan<float> _weights;

    private Importance(ReadOnlySpan<float> weights, float rowMeanSquare)
    {
        _weights = weights;
        RowMeanSquare = rowMeanSquare;
    }

    internal bool IsGiven => !_weights.IsEmpty;

    /// <summary>A weight a value.</summary>
    internal ReadOnlySpan<float> Weights => _weights;

    /// <summary>Mean of the row's squares.</summary>
    internal float RowMeanSquare { get; }

    internal static Importance OfRow(ReadOnlySpan<float> row, ReadOnlySpan<float> weights) =>
        weights.IsEmpty ? default : new(weights, SumOfSquares(row) / row.Length);

    internal Importance Slice(int start, int length) => IsGiven ? new(_weights.Slice(start, length), RowMeanSquare) : default;

    /// <summary>Weights that also favour large values: <c>a·√(variance + x²)</c>.</summary>
    internal void Combine(ReadOnlySpan<float> values, float variance, Span<float> weights)
    {
        for (var i = 0; i < values.Length; i++) weights[i] = _weights[i] * MathF.Sqrt(variance + (values[i] * values[i]));
    }

    /// <summary>Σx² in order of the elements.</summary>
    internal static float SumOfSquares(ReadOnlySpan<float> values)
    {
        var sum = 0f;
        foreach (var value in values) sum += value * value;
        return sum;
    }
}
