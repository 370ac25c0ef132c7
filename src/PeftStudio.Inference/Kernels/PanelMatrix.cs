using PeftStudio.Inference.Memory;
using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference.Kernels;

/// <summary>A matrix [rows, columns] in panels. Rows beyond the last are zero.</summary>
internal sealed unsafe class PanelMatrix<T> : IDisposable
    where T : unmanaged, IElement<T>
{
    private readonly NativeBuffer<T> _buffer;
    private readonly nint _stride;

    internal PanelMatrix(int rows, int columns)
    {
        Rows = rows;
        Columns = columns;
        _stride = T.PanelLength(columns);
        _buffer = new(_stride * PanelLayout.Count(rows));
    }

    internal int Rows { get; }

    internal int Columns { get; }

    internal int Panels => PanelLayout.Count(Rows);

    /// <summary>Bytes of memory.</summary>
    internal long Bytes => (long)_buffer.Length * sizeof(T);

    internal PanelView<T> View => new((nint)_buffer.Start, _stride, Columns);

    /// <summary>Packs a matrix that lies row by row.</summary>
    internal static PanelMatrix<T> Pack(ReadOnlySpan<float> values, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, (long)rows * columns, nameof(values));
        var matrix = new PanelMatrix<T>(rows, columns);
        for (var panel = 0; panel < matrix.Panels; panel++)
        {
            var first = panel * PanelLayout.Rows;
            matrix.PackPanel(panel, values.Slice(first * columns, Math.Min(PanelLayout.Rows, rows - first) * columns));
        }

        return matrix;
    }

    /// <summary>Packs the rows of one panel, which lie one after another; missing ones become zero.</summary>
    internal void PackPanel(int panel, ReadOnlySpan<float> values)
    {
        var target = _buffer.Span(panel * _stride, checked((int)_stride));
        target.Clear();
        for (var lane = 0; lane < values.Length / Columns; lane++)
        {
            var row = values.Slice(lane * Columns, Columns);
            for (var c = 0; c < row.Length; c++) target[(int)T.PanelIndex(lane, c)] = T.Narrow(row[c]);
        }
    }

    /// <summary>Copies one row out.</summary>
    internal void CopyRow(int row, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        var panel = _buffer.Start + (row / PanelLayout.Rows * _stride);
        var lane = row % PanelLayout.Rows;
        for (var c = 0; c < Columns; c++) destination[c] = T.Widen(panel[T.PanelIndex(lane, c)]);
    }

    public void Dispose() => _buffer.Dispose();
}
