using System.Numerics;
using System.Runtime.InteropServices;
using PeftStudio.Formats.Files;
using PeftStudio.Formats.Quantization;

namespace PeftStudio.Formats.Gguf;

/// <summary>
/// The header of one GGUF file (versions 2 and 3, little-endian), with every rule of the reference reader enforced: unique keys and names,
/// known types, whole blocks, dense offsets, data within the file.
/// </summary>
internal sealed record GgufHeader(uint Version, GgufMetadata Metadata, IReadOnlyList<GgufTensor> Tensors, IReadOnlyList<long> Offsets)
{
    internal const uint Magic = 0x46554747; // "GGUF"
    internal const int DefaultAlignment = 32;
    internal const int MostNameBytes = 63;
    internal const int MostKeyBytes = 65_535;
    internal const int MostDimensions = 4;

    // The smallest key/value pair: length, one byte of key, type, one byte. The smallest tensor: length, one byte, rank 0, type, offset.
    private const int LeastPairBytes = 8 + 1 + 4 + 1;
    private const int LeastTensorBytes = 8 + 1 + 4 + 4 + 8;

    internal static GgufHeader Read(MappedFile file)
    {
        var cursor = new GgufCursor(file);
        if (cursor.ReadUInt32("the magic number") != Magic) throw cursor.Invalid("a file that does not begin with 'GGUF'", "this is another format");
        var version = ReadVersion(file, cursor);
        var tensorCount = cursor.ReadCount(LeastTensorBytes, "tensors");
        var pairCount = cursor.ReadCount(LeastPairBytes, "metadata values");
        var metadata = new GgufMetadata(file.Path);
        for (var i = 0; i < pairCount; i++)
        {
            var key = cursor.ReadName(MostKeyBytes, "a metadata key");
            if (metadata.Contains(key)) throw cursor.Invalid($"metadata key '{key}' twice", "keys must be unique");
            metadata[key] = ReadValue(cursor, key);
        }

        var (tensors, offsets) = ReadTensors(file, cursor, tensorCount, ReadAlignment(metadata));
        return new(version, metadata, tensors, offsets);
    }

    private static uint ReadVersion(MappedFile file, GgufCursor cursor)
    {
        var version = cursor.ReadUInt32("the version");
        if (version is 2 or 3) return version;
        if ((version & 0xFFFF) == 0 && version != 0)
        {
            throw GgufErrors.Unsupported(file.Path, "a big-endian file", "convert the model again on a little-endian machine");
        }

        throw GgufErrors.Unsupported(file.Path, $"version {version}; versions 2 and 3 are read", "convert the model again with a current llama.cpp");
    }

    private static int ReadAlignment(GgufMetadata metadata)
    {
        var alignment = metadata.Integer("general.alignment") ?? DefaultAlignment;
        return alignment > 0 && BitOperations.IsPow2(alignment) ? alignment
            : throw GgufErrors.Invalid(metadata.Source, $"general.alignment {alignment}", "it must be a power of two");
    }

    private static GgufValue ReadValue(GgufCursor cursor, string key)
    {
        var type = ReadType(cursor, key);
        if (type != GgufValueType.Array) return GgufValue.FromFile(type, ReadScalar(cursor, type, key));
        var elementType = ReadType(cursor, key);
        if (elementType == GgufValueType.Array) throw cursor.Invalid($"a list of lists in '{key}'", "lists may not be nested");
        var count = cursor.ReadCount(LeastBytes(elementType), $"values of '{key}'");
        return GgufValue.ArrayFromFile(elementType, ReadArray(cursor, elementType, count, key));
    }

    private static GgufValueType ReadType(GgufCursor cursor, string key)
    {
        var type = cursor.ReadUInt32($"the type of '{key}'");
        return type <= (uint)GgufValueType.Float64 ? (GgufValueType)type : throw cursor.Invalid($"value type {type} of '{key}'", "types 0 to 12 are known");
    }

    private static int LeastBytes(GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        _ => 8,
    };

    private static object ReadScalar(GgufCursor cursor, GgufValueType type, string key)
    {
        if (type == GgufValueType.String) return cursor.ReadBytes($"'{key}'");
        return ReadArray(cursor, type, 1, key).GetValue(0)!;
    }

    private static Array ReadArray(GgufCursor cursor, GgufValueType type, int count, string key) => type switch
    {
        GgufValueType.UInt8 => Fill<byte>(cursor, count, key),
        GgufValueType.Int8 => Fill<sbyte>(cursor, count, key),
        GgufValueType.UInt16 => Fill<ushort>(cursor, count, key),
        GgufValueType.Int16 => Fill<short>(cursor, count, key),
        GgufValueType.UInt32 => Fill<uint>(cursor, count, key),
        GgufValueType.Int32 => Fill<int>(cursor, count, key),
        GgufValueType.Float32 => Fill<float>(cursor, count, key),
        GgufValueType.UInt64 => Fill<ulong>(cursor, count, key),
        GgufValueType.Int64 => Fill<long>(cursor, count, key),
        GgufValueType.Float64 => Fill<double>(cursor, count, key),
        GgufValueType.Bool => ReadFlags(cursor, count, key),
        _ => ReadStrings(cursor, count, key),
    };

    private static T[] Fill<T>(GgufCursor cursor, int count, string key)
        where T : unmanaged
    {
        var values = new T[count];
        cursor.Fill(MemoryMarshal.AsBytes(values.AsSpan()), $"'{key}'");
        return values;
    }

    private static bool[] ReadFlags(GgufCursor cursor, int count, string key)
    {
        var values = new bool[count];
        for (var i = 0; i < count; i++)
        {
            var flag = cursor.ReadByte($"'{key}'");
            if (flag > 1) throw cursor.Invalid($"truth value {flag} in '{key}'", "0 and 1 are allowed");
            values[i] = flag == 1;
        }

        return values;
    }

    private static byte[][] ReadStrings(GgufCursor cursor, int count, string key)
    {
        var values = new byte[count][];
        for (var i = 0; i < count; i++) values[i] = cursor.ReadBytes($"'{key}'");
        return values;
    }

    private static (List<GgufTensor> Tensors, List<long> Offsets) ReadTensors(MappedFile file, GgufCursor cursor, int count, int alignment)
    {
        var tensors = new List<GgufTensor>();
        var starts = new List<long>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var next = 0L;
        for (var i = 0; i < count; i++)
        {
            var tensor = ReadTensor(file, cursor, out var start);
            if (!names.Add(tensor.Name)) throw cursor.Invalid($"tensor '{tensor.Name}' twice", "names must be unique");
            if (start != (ulong)next) throw cursor.Invalid($"tensor '{tensor.Name}' at byte {start} of the data", $"the tensors before it end at {next}: no gaps, no overlaps");
            if (tensor.ByteCount > file.Length - next) throw cursor.Invalid($"tensor '{tensor.Name}' {tensor.Type} {tensor.ShapeText} of {tensor.ByteCount} bytes", $"the file has {file.Length} bytes: it is truncated");
            tensors.Add(tensor);
            starts.Add(next);
            next = Align(next + tensor.ByteCount, alignment);
        }

        var dataStart = Align(cursor.Position, alignment);
        if (tensors.Count > 0 && starts[^1] + tensors[^1].ByteCount > file.Length - dataStart)
        {
            throw cursor.Invalid($"tensor data up to byte {dataStart + starts[^1] + tensors[^1].ByteCount}", $"the file has {file.Length} bytes: it is truncated");
        }

        return (tensors, starts.ConvertAll(s => dataStart + s));
    }

    private static GgufTensor ReadTensor(MappedFile file, GgufCursor cursor, out ulong start)
    {
        var name = cursor.ReadName(MostNameBytes, "a tensor's name");
        var rank = cursor.ReadUInt32($"the rank of '{name}'");
        if (rank > MostDimensions) throw cursor.Invalid($"tensor '{name}' of {rank} dimensions", $"at most {MostDimensions} are allowed");
        var shape = new long[rank];
        var elements = 1UL;
        for (var d = 0; d < rank; d++)
        {
            var extent = cursor.ReadUInt64($"the shape of '{name}'");
            elements = extent > long.MaxValue ? ulong.MaxValue : extent == 0 ? 0 : elements > long.MaxValue / extent ? ulong.MaxValue : elements * extent;
            if (elements > long.MaxValue / 8) throw cursor.Invalid($"tensor '{name}' with extent {extent}", "its size overflows");
            shape[(int)rank - 1 - d] = (long)extent;
        }

        var number = cursor.ReadUInt32($"the type of '{name}'");
        if (!GgmlTypes.IsKnown(number)) throw GgufErrors.Unsupported(file.Path, $"tensor '{name}' of ggml type {number}, which is retired or unknown", "convert the model again with a current llama.cpp");
        var type = (GgmlType)number;
        var tensor = new GgufTensor(name, type, shape);
        if (tensor.Width % GgmlTypes.BlockElements(type) != 0) throw cursor.Invalid($"tensor '{name}' {type} {tensor.ShapeText}", $"rows of {type} hold a multiple of {GgmlTypes.BlockElements(type)} values");
        start = cursor.ReadUInt64($"the offset of '{name}'");
        return tensor;
    }

    internal static long Align(long position, int alignment) => (position + alignment - 1) / alignment * alignment;
}
