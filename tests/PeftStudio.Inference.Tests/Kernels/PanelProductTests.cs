using System.Runtime.Intrinsics;
using PeftStudio.Inference.Kernels;
using PeftStudio.Inference.Numerics;
using PeftStudio.Inference.Tests.Support;

namespace PeftStudio.Inference.Tests.Kernels;

[TestFixture]
public sealed unsafe class PanelProductTests
{
    private static readonly int[] Widths = [1, 2, 3, 4, 5, 7, 8, 31, 64, 129];
    private static readonly int[] RowCounts = [1, 2, 3, 4, 5, 6, 7, 9, 13, 50];

    [Test, Combinatorial]
    public void Vectors_of_16_give_the_bits_of_the_definition_in_float32(
        [ValueSource(nameof(Widths))] int columns, [ValueSource(nameof(RowCounts))] int rows) =>
        AssertDefinition<Float32, Lanes16, Vector512<float>>(columns, rows);

    [Test, Combinatorial]
    public void Vectors_of_8_give_the_bits_of_the_definition_in_float32(
        [ValueSource(nameof(Widths))] int columns, [ValueSource(nameof(RowCounts))] int rows) =>
        AssertDefinition<Float32, Lanes8, Vector256<float>>(columns, rows);

    [Test, Combinatorial]
    public void Vectors_of_16_give_the_bits_of_the_definition_in_bfloat16(
        [ValueSource(nameof(Widths))] int columns, [ValueSource(nameof(RowCounts))] int rows) =>
        AssertDefinition<BFloat16, Lanes16, Vector512<float>>(columns, rows);

    [Test, Combinatorial]
    public void Vectors_of_8_give_the_bits_of_the_definition_in_bfloat16(
        [ValueSource(nameof(Widths))] int columns, [ValueSource(nameof(RowCounts))] int rows) =>
        AssertDefinition<BFloat16, Lanes8, Vector256<float>>(columns, rows);

    [Test]
    public void The_definition_agrees_with_a_plain_sum_in_double_precision([ValueSource(nameof(Widths))] int columns)
    {
        var weights = Noise.Floats(columns, 1);
        var x = Noise.Floats(columns, 2);
        using var matrix = PanelMatrix<Float32>.Pack(weights, 1, columns);
        var expected = weights.Zip(x, (a, b) => (double)a * b).Sum();
        Assert.That(PanelReference.Dot(matrix.View.Panel(0), columns, 0, x), Is.EqualTo(expected).Within(1e-6 * Math.Sqrt(columns)));
    }

    [Test]
    public void A_row_comes_out_of_a_matrix_as_it_went_in([Values(1, 15, 16, 17, 40)] int rows, [Values(1, 6, 33)] int columns)
    {
        var values = Noise.Floats(rows * columns, 3);
        using var matrix = PanelMatrix<Float32>.Pack(values, rows, columns);
        var row = new float[columns];
        for (var i = 0; i < rows; i++)
        {
            matrix.CopyRow(i, row);
            Assert.That(row, Is.EqualTo(values[(i * columns)..((i + 1) * columns)]));
        }
    }

    private static void AssertDefinition<T, TLanes, TVector>(int columns, int rows)
        where T : unmanaged, IElement<T>
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        const int outputs = 37; // three panels, the last with five rows
        using var matrix = PanelMatrix<T>.Pack(Noise.Floats(outputs * columns, 4), outputs, columns);
        var x = Noise.Floats(rows * columns, 5);
        var results = new float[rows * 48];
        fixed (float* input = x, output = results)
        {
            var sink = new FloatSink(output, 48);
            PanelProduct.Multiply<T, FloatSink, TLanes, TVector>(matrix.View, 0, matrix.Panels, input, columns, rows, ref sink);
        }

        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < outputs; i++)
            {
                var expected = PanelReference.Dot(matrix.View.Panel(i / 16), columns, i % 16, x.AsSpan(row * columns, columns));
                if (results[(row * 48) + i] != expected) Assert.Fail($"row {row}, output {i}: {results[(row * 48) + i]:r}, defined {expected:r}");
            }
        }
    }
}
