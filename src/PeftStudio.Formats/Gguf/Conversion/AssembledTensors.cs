using System.Runtime.InteropServices;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>
/// Shows tensors of one source under the names, shapes and row orders of another naming scheme. Rows are copied when they are read;
/// only a tensor that is transposed or shifted is held, one at a time.
/// </summary>
internal sealed class AssembledTensors : ITensorSource
{
    private readonly ITensorSource _source;
    private readonly bool _ownsSource;
    private readonly Dictionary<string, AssembledTensor> _tensors;
    private readonly Lock _lock = new();
    private (string Name, byte[] Bytes) _held = (string.Empty, []);

    internal AssembledTensors(ITensorSource source, IEnumerable<AssembledTensor> tensors, bool ownsSource)
    {
        _source = source;
        _ownsSource = ownsSource;
        _tensors = tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);
        Tensors = _tensors.ToDictionary(t => t.Key, t => Describe(t.Value), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>How a tensor is made.</summary>
    internal AssembledTensor Plan(string name) => _tensors[name];

    /// <inheritdoc/>
    public void Read(string name, long offset, Span<byte> destination)
    {
        var info = Tensors[name];
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, info.ByteCount - destination.Length);
        var plan = _tensors[name];
        var elementBytes = TensorTypes.BitsOf(info.Type) / 8;
        if (IsByteCopy(plan)) RowCopy.Copy(plan, elements => elements * elementBytes, _source.Read, offset, destination);
        else Hold(plan, info).AsSpan((int)offset, destination.Length).CopyTo(destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsSource) _source.Dispose();
    }

    private TensorInfo Describe(AssembledTensor plan)
    {
        var type = IsByteCopy(plan) || plan.Pieces.All(p => p.Add == 0 && TypeOf(p) == TypeOf(plan.Pieces[0])) ? TypeOf(plan.Pieces[0]) : TensorType.F32;
        return new(plan.Name, type, plan.Shape, checked(plan.ElementCount * (TensorTypes.BitsOf(type) / 8)));
    }

    private bool IsByteCopy(AssembledTensor plan) => plan.IsCopy && plan.Pieces.All(p => TypeOf(p) == TypeOf(plan.Pieces[0]));

    private TensorType TypeOf(TensorPiece piece) => _source.Tensors[piece.Source].Type;

    private byte[] Hold(AssembledTensor plan, TensorInfo info)
    {
        lock (_lock)
        {
            if (_held.Name != plan.Name) _held = (plan.Name, Assemble(plan, info));
            return _held.Bytes;
        }
    }

    private byte[] Assemble(AssembledTensor plan, TensorInfo info)
    {
        var result = new byte[info.ByteCount];
        var start = 0L;
        foreach (var piece in plan.Pieces)
        {
            var count = (int)(piece.Rows * plan.Width);
            var part = piece.Add == 0 && info.Type == TypeOf(piece) ? RawOf(piece, count, info.Type) : FloatsOf(piece, count);
            var elementBytes = TensorTypes.BitsOf(info.Type) / 8;
            var target = result.AsSpan((int)(start * elementBytes), count * elementBytes);
            if (piece.Transposed) Transpose(part, target, (int)piece.Rows, (int)plan.Width, elementBytes);
            else part.CopyTo(target);
            start += count;
        }

        return result;
    }

    private byte[] RawOf(TensorPiece piece, int count, TensorType type)
    {
        var elementBytes = TensorTypes.BitsOf(type) / 8;
        var bytes = new byte[count * elementBytes];
        _source.Read(piece.Source, piece.FirstElement * elementBytes, bytes);
        return bytes;
    }

    private byte[] FloatsOf(TensorPiece piece, int count)
    {
        var info = _source.Tensors[piece.Source];
        var values = new float[count];
        FloatConversion.ToFloats(info, RawOf(piece, count, info.Type), values);
        for (var i = 0; i < values.Length && piece.Add != 0; i++)
        {
            values[i] += piece.Add;

            // The reference converter adds in the source's type when that is binary16, so what is lost there is lost here too.
            if (info.Type == TensorType.F16) values[i] = (float)(Half)values[i];
        }

        return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
    }

    /// <summary>[columns, rows] to [rows, columns].</summary>
    private static void Transpose(ReadOnlySpan<byte> source, Span<byte> target, int rows, int columns, int elementBytes)
    {
        for (var c = 0; c < columns; c++)
        {
            for (var r = 0; r < rows; r++)
            {
                source.Slice(((c * rows) + r) * elementBytes, elementBytes).CopyTo(target[(((r * columns) + c) * elementBytes)..]);
            }
        }
    }
}
