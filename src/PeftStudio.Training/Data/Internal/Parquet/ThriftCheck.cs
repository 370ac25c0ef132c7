namespace PeftStudio.Training.Data.Internal;

/// <summary>
/// Walks a structure in Thrift's compact protocol and throws unless it lies inside its bytes and every field has the kind that it must have. The Parquet
/// library trusts its input: at the end of a damaged footer its number reader goes round forever. So nothing reaches it that was not walked here first.
/// </summary>
internal ref struct ThriftCheck
{
    // The deepest structure of a Parquet file has six levels; fields that a later version adds may nest a little more.
    private const int MaximumDepth = 16;

    private readonly ReadOnlySpan<byte> data;
    private readonly Action<string, int, long>? number;
    private int position;

    private ThriftCheck(ReadOnlySpan<byte> data, Action<string, int, long>? number)
    {
        this.data = data;
        this.number = number;
    }

    /// <summary>Walks one structure.</summary>
    /// <param name="data">Its bytes; there may be more behind it.</param>
    /// <param name="structure">Its name in <see cref="ParquetStructs"/>.</param>
    /// <param name="number">Told the structure, the field and the value of every number; null if nobody wants to know.</param>
    /// <returns>How many bytes the structure has.</returns>
    /// <exception cref="EndOfStreamException">It goes on behind the end of the bytes.</exception>
    /// <exception cref="InvalidDataException">It is not what it should be.</exception>
    internal static int Walk(ReadOnlySpan<byte> data, string structure, Action<string, int, long>? number = null)
    {
        var check = new ThriftCheck(data, number);
        check.Struct(structure, 0);
        return check.position;
    }

    private void Struct(string? name, int depth)
    {
        if (depth > MaximumDepth) throw new InvalidDataException("structures nested too deeply");
        var fields = name is null ? null : ParquetStructs.Fields(name);
        long id = 0;
        while (Byte() is var head and not 0)
        {
            id = head >> 4 == 0 ? ZigZag() : id + (head >> 4);
            if (id is < 0 or > short.MaxValue) throw new InvalidDataException($"field {id} in {name}");
            var type = (ThriftType)(head & 15);
            if (fields is null || !fields.TryGetValue((int)id, out var kind)) Value(type, depth + 1);
            else Field(name!, (int)id, type, kind, depth + 1);
        }
    }

    private void Field(string structure, int id, ThriftType type, string kind, int depth)
    {
        if (!Fits(type, kind)) throw new InvalidDataException($"type {type} of field {id} in {structure}");
        if (kind[0] == '*') List(kind[1..], depth);
        else if (char.IsUpper(kind[0])) Struct(kind, depth);
        else if (kind != "n") Value(type, depth);
        else
        {
            var value = ZigZag();
            number?.Invoke(structure, id, value);
        }
    }

    private void List(string? kind, int depth)
    {
        if (depth > MaximumDepth) throw new InvalidDataException("lists nested too deeply");
        var head = Byte();
        var count = head >> 4 == 15 ? VarInt() : (ulong)(head >> 4);
        var type = (ThriftType)(head & 15);
        if (count > (ulong)(data.Length - position)) throw new EndOfStreamException("a list longer than what is left");
        if (count > 0 && kind is not null && !Fits(type, kind)) throw new InvalidDataException($"a list of {type}");
        for (; count > 0; count--)
        {
            if (kind is not null && char.IsUpper(kind[0])) Struct(kind, depth);
            else if (type is ThriftType.True or ThriftType.False) Byte();
            else Value(type, depth);
        }
    }

    private void Map(int depth)
    {
        var count = VarInt();
        if (count == 0) return;
        if (count > (ulong)(data.Length - position)) throw new EndOfStreamException("a map longer than what is left");
        var types = Byte();
        for (; count > 0; count--)
        {
            Value((ThriftType)(types >> 4), depth);
            Value((ThriftType)(types & 15), depth);
        }
    }

    /// <summary>Passes over a value of any kind.</summary>
    private void Value(ThriftType type, int depth)
    {
        if (depth > MaximumDepth) throw new InvalidDataException("values nested too deeply");
        switch (type)
        {
            case ThriftType.True or ThriftType.False: break;
            case ThriftType.Byte: Skip(1); break;
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64: VarInt(); break;
            case ThriftType.Double: Skip(8); break;
            case ThriftType.Binary: Skip(VarInt()); break;
            case ThriftType.List or ThriftType.Set: List(kind: null, depth + 1); break;
            case ThriftType.Map: Map(depth + 1); break;
            case ThriftType.Struct: Struct(name: null, depth + 1); break;
            default: throw new InvalidDataException($"type {type}");
        }
    }

    private static bool Fits(ThriftType type, string kind) => kind[0] switch
    {
        'n' => type is ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64,
        'b' => type is ThriftType.Binary,
        't' => type is ThriftType.True or ThriftType.False,
        'i' => type is ThriftType.Byte,
        'd' => type is ThriftType.Double,
        '*' => type is ThriftType.List,
        _ => type is ThriftType.Struct,
    };

    private byte Byte() => position < data.Length ? data[position++] : throw new EndOfStreamException("the metadata end too early");

    private void Skip(ulong count)
    {
        if (count > (ulong)(data.Length - position)) throw new EndOfStreamException("the metadata end too early");
        position += (int)count;
    }

    private ulong VarInt()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }

        throw new InvalidDataException("a number of more than 64 bits");
    }

    private long ZigZag() => VarInt() is var value && (value & 1) == 0 ? (long)(value >> 1) : ~(long)(value >> 1);

    private enum ThriftType : byte
    {
        Stop = 0,
        True = 1,
        False = 2,
        Byte = 3,
        Int16 = 4,
        Int32 = 5,
        Int64 = 6,
        Double = 7,
        Binary = 8,
        List = 9,
        Set = 10,
        Map = 11,
        Struct = 12,
    }
}
