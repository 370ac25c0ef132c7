using System.Buffers.Binary;
using System.Text;

namespace PeftStudio.Formats.Tokenizers.SentencePiece;

/// <summary>Reads the fields of one protobuf message. Every length is checked against the bytes that are there.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;
    private int _wireType;

    /// <summary>Number of the current field.</summary>
    internal int Field { get; private set; }

    /// <summary>Moves to the next field; false at the end of the message.</summary>
    internal bool Next()
    {
        if (_rest.IsEmpty) return false;
        var tag = Varint();
        Field = (int)Math.Min(tag >> 3, int.MaxValue);
        _wireType = (int)(tag & 7);
        return Field > 0 ? true : throw Malformed("a field without a number");
    }

    internal ulong Number() => _wireType == 0 ? Varint() : throw Malformed($"field {Field} of another type than a number");

    internal int Integer() => unchecked((int)Number());

    internal bool Flag() => Number() != 0;

    internal float Single() => _wireType == 5 ? BinaryPrimitives.ReadSingleLittleEndian(Take(4)) : throw Malformed($"field {Field} of another type than a float");

    internal ReadOnlySpan<byte> Bytes()
    {
        if (_wireType != 2) throw Malformed($"field {Field} of another type than bytes");
        var length = Varint();
        return length <= (ulong)_rest.Length ? Take((int)length) : throw Malformed($"{length} bytes in field {Field} where {_rest.Length} are left");
    }

    internal string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>Passes over the current field.</summary>
    internal void Skip()
    {
        switch (_wireType)
        {
            case 0:
                Varint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                Bytes();
                break;
            case 5:
                Take(4);
                break;
            default:
                throw Malformed($"wire type {_wireType}");
        }
    }

    private static PeftStudioException Malformed(string found) => TokenizerErrors.Invalid("a SentencePiece model", found);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length) throw Malformed("the end of the file inside a field");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }

        throw Malformed("a number of more than 64 bits");
    }
}
