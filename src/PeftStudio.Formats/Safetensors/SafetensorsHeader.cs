using System.Text;
using System.Text.Json;
using PeftStudio.Formats.Files;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Safetensors;

/// <summary>
/// The JSON header of a safetensors file, with every rule of the reference reader enforced: sizes within the file, no hole,
/// no overlap, no trailing byte, element count and byte count in agreement.
/// </summary>
internal sealed record SafetensorsHeader(
    long DataStart, IReadOnlyDictionary<string, TensorInfo> Tensors, IReadOnlyDictionary<string, long> Offsets, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The reference reader's limit.</summary>
    internal const int MaxHeaderBytes = 100_000_000;

    internal static SafetensorsHeader Read(MappedFile file)
    {
        if (file.Length < 8) throw Invalid(file, $"{file.Length} bytes", "a safetensors file begins with eight bytes that give the header's length");
        Span<byte> prefix = stackalloc byte[8];
        file.Read(0, prefix);
        var length = BitConverter.ToUInt64(prefix);
        if (length > MaxHeaderBytes) throw Invalid(file, $"a header of {length} bytes", $"at most {MaxHeaderBytes} bytes are allowed");
        if ((long)length > file.Length - 8)
        {
            throw Invalid(file, $"a header of {length} bytes in a file of {file.Length}", "the file is truncated, or not a safetensors file");
        }

        var json = new byte[length];
        file.Read(8, json);
        if (json.Length == 0 || json[0] != (byte)'{') throw Invalid(file, "a header that does not begin with '{'", "the header must be a JSON object");
        try
        {
            return Parse(file, json, 8 + (long)length);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or DecoderFallbackException)
        {
            throw Invalid(file, "a header that is not well-formed: " + e.Message, "the header must be a JSON object of tensors", e);
        }
    }

    private static SafetensorsHeader Parse(MappedFile file, byte[] json, long dataStart)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var tensors = new Dictionary<string, TensorInfo>(StringComparer.Ordinal);
        var offsets = new Dictionary<string, long>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (name == "__metadata__")
            {
                ReadMetadata(file, ref reader, metadata);
                continue;
            }

            var (info, begin) = ReadEntry(file, name, ref reader);
            if (!tensors.TryAdd(name, info)) throw Invalid(file, $"tensor '{name}' twice", "names must be unique");
            offsets[name] = begin;
        }

        while (reader.Read())
        {
            // Utf8JsonReader reports anything but white space after the object.
        }

        RequireSeamless(file, tensors, offsets, file.Length - dataStart);
        return new(dataStart, tensors, offsets, metadata);
    }

    private static void ReadMetadata(MappedFile file, ref Utf8JsonReader reader, Dictionary<string, string> metadata)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw Invalid(file, "__metadata__ that is not an object", "it must map names to strings");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) throw Invalid(file, $"__metadata__ '{key}' that is not a string", "metadata values must be strings");
            metadata[key] = reader.GetString()!;
        }
    }

    private static (TensorInfo Info, long Begin) ReadEntry(MappedFile file, string name, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw Invalid(file, $"tensor '{name}' that is not an object", "dtype, shape and data_offsets are needed");
        string? dtype = null;
        List<long>? shape = null;
        List<long>? range = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString();
            reader.Read();
            switch (key)
            {
                case "dtype":
                    dtype = reader.GetString();
                    break;
                case "shape":
                    shape = ReadExtents(file, name, ref reader);
                    break;
                case "data_offsets":
                    range = ReadExtents(file, name, ref reader);
                    break;
                default:
                    throw Invalid(file, $"tensor '{name}' with the field '{key}'", "only dtype, shape and data_offsets are allowed");
            }
        }

        if (dtype is null || shape is null || range is not { Count: 2 })
        {
            throw Invalid(file, $"tensor '{name}' without dtype, shape or two data_offsets", "each tensor needs all three");
        }

        if (!Enum.TryParse<TensorType>(dtype, out var type) || !Enum.IsDefined(type) || char.IsAsciiDigit(dtype[0]))
        {
            throw Invalid(file, $"tensor '{name}' with element type '{dtype}'", "known types are " + string.Join(", ", Enum.GetNames<TensorType>()));
        }

        var bytes = ByteCount(file, name, type, shape);
        if (range[1] < range[0] || range[1] - range[0] != bytes)
        {
            throw Invalid(
                file, $"tensor '{name}' {TensorInfo.FormatShape(shape)} {dtype} at bytes {range[0]} to {range[1]}",
                $"its shape takes {bytes} bytes");
        }

        return (new TensorInfo(name, type, shape.AsReadOnly(), bytes), range[0]);
    }

    private static List<long> ReadExtents(MappedFile file, string name, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw Invalid(file, $"tensor '{name}' with a shape or offsets that are no list", "they must be lists of numbers");
        var values = new List<long>();
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            var value = reader.GetInt64();
            if (value < 0) throw Invalid(file, $"tensor '{name}' with the negative number {value}", "shapes and offsets are not negative");
            values.Add(value);
        }

        if (reader.TokenType != JsonTokenType.EndArray) throw Invalid(file, $"tensor '{name}' with a shape or offsets of other values than numbers", "they must be lists of numbers");
        return values;
    }

    private static long ByteCount(MappedFile file, string name, TensorType type, List<long> shape)
    {
        try
        {
            var bits = (long)TensorTypes.BitsOf(type);
            foreach (var extent in shape) bits = checked(bits * extent);
            if (bits % 8 != 0) throw Invalid(file, $"tensor '{name}' of {bits} bits", "a tensor must fill whole bytes");
            return bits / 8;
        }
        catch (OverflowException e)
        {
            throw Invalid(file, $"tensor '{name}' {TensorInfo.FormatShape(shape)}", "its size overflows", e);
        }
    }

    private static void RequireSeamless(MappedFile file, Dictionary<string, TensorInfo> tensors, Dictionary<string, long> offsets, long dataLength)
    {
        var position = 0L;
        foreach (var (name, begin) in offsets.OrderBy(o => o.Value).ThenBy(o => tensors[o.Key].ByteCount))
        {
            if (begin != position)
            {
                throw Invalid(file, $"tensor '{name}' at byte {begin} of the data", $"the tensor before it ends at {position}: holes and overlaps are not allowed");
            }

            position = begin + tensors[name].ByteCount;
            if (position > dataLength) throw Invalid(file, $"tensor '{name}' up to byte {position} of the data", $"the file holds only {dataLength}: it is truncated");
        }

        if (position != dataLength) throw Invalid(file, $"{dataLength} bytes of data", $"the tensors take {position}");
    }

    private static PeftStudioException Invalid(MappedFile file, string found, string rule, Exception? cause = null) => new(
        ErrorCodes.InvalidSafetensors, "not a valid safetensors file", file.Path, $"{found}; {rule}",
        "download or export the file again, and compare its size and hash with the source's", cause);
}
