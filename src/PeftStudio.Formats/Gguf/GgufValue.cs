using System.Globalization;
using System.Text;

namespace PeftStudio.Formats.Gguf;

/// <summary>
/// One metadata value with its type in the file. Texts are kept as bytes, because tokens of some vocabularies are pieces of characters.
/// Writers differ in the integer types they choose, so reading goes by what fits, not by the exact type.
/// </summary>
public sealed class GgufValue
{
    // A boxed scalar, byte[] for a string, or a typed array (byte[][] for strings).
    private readonly object _data;

    private GgufValue(GgufValueType type, GgufValueType? elementType, object data)
    {
        Type = type;
        ElementType = elementType;
        _data = data;
    }

    /// <summary>Type in the file.</summary>
    public GgufValueType Type { get; }

    /// <summary>Type of an array's elements; null for other values.</summary>
    public GgufValueType? ElementType { get; }

    /// <summary>Number of an array's elements; 1 for other values.</summary>
    public int Count => Type == GgufValueType.Array ? ((Array)_data).Length : 1;

    /// <summary>A text.</summary>
    public static GgufValue Of(string value) => new(GgufValueType.String, null, Encoding.UTF8.GetBytes(value));

    /// <summary>An unsigned 32-bit integer: counts and ids.</summary>
    public static GgufValue Of(uint value) => new(GgufValueType.UInt32, null, value);

    /// <summary>An unsigned 16-bit integer.</summary>
    public static GgufValue Of(ushort value) => new(GgufValueType.UInt16, null, value);

    /// <summary>A signed 32-bit integer.</summary>
    public static GgufValue Of(int value) => new(GgufValueType.Int32, null, value);

    /// <summary>A float32.</summary>
    public static GgufValue Of(float value) => new(GgufValueType.Float32, null, value);

    /// <summary>A truth value.</summary>
    public static GgufValue Of(bool value) => new(GgufValueType.Bool, null, value);

    /// <summary>A list of texts as bytes.</summary>
    public static GgufValue Of(IEnumerable<byte[]> values) => new(GgufValueType.Array, GgufValueType.String, values.ToArray());

    /// <summary>A list of texts.</summary>
    public static GgufValue Of(IEnumerable<string> values) => Of(values.Select(Encoding.UTF8.GetBytes));

    /// <summary>A list of 32-bit integers.</summary>
    public static GgufValue Of(IEnumerable<int> values) => new(GgufValueType.Array, GgufValueType.Int32, values.ToArray());

    /// <summary>A list of unsigned 32-bit integers.</summary>
    public static GgufValue Of(IEnumerable<uint> values) => new(GgufValueType.Array, GgufValueType.UInt32, values.ToArray());

    /// <summary>A list of float32 values.</summary>
    public static GgufValue Of(IEnumerable<float> values) => new(GgufValueType.Array, GgufValueType.Float32, values.ToArray());

    /// <summary>A list of truth values.</summary>
    public static GgufValue Of(IEnumerable<bool> values) => new(GgufValueType.Array, GgufValueType.Bool, values.ToArray());

    /// <summary>A list of bytes.</summary>
    public static GgufValue OfBytes(byte[] values) => new(GgufValueType.Array, GgufValueType.UInt8, values);

    /// <summary>The value as an integer, if it is one that fits.</summary>
    public bool TryGetInteger(out long value) => TryInteger(_data, out value);

    /// <summary>The value as a number of any type.</summary>
    public bool TryGetNumber(out double value) => TryNumber(_data, out value);

    /// <summary>The value as a truth value.</summary>
    public bool TryGetFlag(out bool value)
    {
        value = _data is true;
        return _data is bool;
    }

    /// <summary>The value as text; bytes that are no UTF-8 become replacement characters.</summary>
    public bool TryGetText(out string value)
    {
        value = Type == GgufValueType.String ? Encoding.UTF8.GetString((byte[])_data) : string.Empty;
        return Type == GgufValueType.String;
    }

    /// <summary>An array's elements, or a single value's only one, as integers.</summary>
    public bool TryGetIntegers(out long[] values) => TryElements(TryInteger, out values);

    /// <summary>An array's elements, or a single value's only one, as numbers.</summary>
    public bool TryGetNumbers(out double[] values) => TryElements(TryNumber, out values);

    /// <summary>An array's elements, or a single value's only one, as truth values; integers count as unequal to zero.</summary>
    public bool TryGetFlags(out bool[] values) => TryElements(TryFlag, out values);

    /// <summary>An array's texts, or a single one, as bytes.</summary>
    public bool TryGetTexts(out IReadOnlyList<ReadOnlyMemory<byte>> values)
    {
        var found = ElementType == GgufValueType.String ? (byte[][])_data : Type == GgufValueType.String ? [(byte[])_data] : null;
        values = found is null ? [] : Array.ConvertAll(found, b => new ReadOnlyMemory<byte>(b));
        return found is not null;
    }

    /// <summary>Same type and same contents.</summary>
    public bool ContentEquals(GgufValue other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Type != other.Type || ElementType != other.ElementType) return false;
        return (_data, other._data) switch
        {
            (byte[][] a, byte[][] b) => a.Length == b.Length && a.Zip(b).All(p => p.First.AsSpan().SequenceEqual(p.Second)),
            (Array a, Array b) => a.Length == b.Length && a.Cast<object>().SequenceEqual(b.Cast<object>()),
            var (a, b) => a.Equals(b),
        };
    }

    /// <summary>The value in short form, for messages.</summary>
    public override string ToString() => _data switch
    {
        byte[] when TryGetText(out var text) => text.Length > 40 ? $"\"{text[..40]}…\"" : $"\"{text}\"",
        Array array => $"{array.Length} × {ElementType}",
        _ => string.Format(CultureInfo.InvariantCulture, "{0}", _data),
    };

    internal static GgufValue FromFile(GgufValueType type, object data) => new(type, null, data);

    internal static GgufValue ArrayFromFile(GgufValueType elementType, Array data) => new(GgufValueType.Array, elementType, data);

    /// <summary>What the writer needs: the boxed scalar, bytes, or typed array.</summary>
    internal object Data => _data;

    private bool TryElements<T>(TryConvert<T> convert, out T[] values)
    {
        if (Type != GgufValueType.Array)
        {
            values = new T[1];
            return convert(_data, out values[0]);
        }

        var array = (Array)_data;
        values = new T[array.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (!convert(array.GetValue(i)!, out values[i])) return false;
        }

        return true;
    }

    private delegate bool TryConvert<T>(object data, out T value);

    private static bool TryInteger(object data, out long value)
    {
        long? found = data switch
        {
            byte v => v,
            sbyte v => v,
            ushort v => v,
            short v => v,
            uint v => v,
            int v => v,
            long v => v,
            ulong v and <= long.MaxValue => (long)v,
            _ => null,
        };
        value = found ?? 0;
        return found is not null;
    }

    private static bool TryNumber(object data, out double value)
    {
        if (TryInteger(data, out var integer))
        {
            value = integer;
            return true;
        }

        double? found = data switch
        {
            float v => v,
            double v => v,
            ulong v => v,
            _ => null,
        };
        value = found ?? 0;
        return found is not null;
    }

    private static bool TryFlag(object data, out bool value)
    {
        value = data is true || (TryInteger(data, out var integer) && integer != 0);
        return data is bool || TryInteger(data, out _);
    }
}
