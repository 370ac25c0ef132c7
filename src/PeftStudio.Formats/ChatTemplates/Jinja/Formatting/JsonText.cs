using System.Globalization;
using System.Numerics;
using System.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Formatting;

/// <summary>The <c>tojson</c> of transformers: Python's <c>json.dumps</c>, with non-ASCII kept and keys in order unless asked otherwise.</summary>
internal sealed class JsonText(Meter meter)
{
    private readonly StringBuilder text = new();

    internal bool EnsureAscii { get; init; }

    internal bool SortKeys { get; init; }

    /// <summary>What one level of indentation is made of; null for one line.</summary>
    internal string? Indent { get; init; }

    internal string ItemSeparator { get; init; } = ", ";

    internal string KeySeparator { get; init; } = ": ";

    internal string Write(object? value)
    {
        Value(value, 0);
        return text.ToString();
    }

    private void Value(object? value, int level)
    {
        meter.Step();
        if (text.Length > meter.MaxCharacters) meter.Make(text.Length);
        switch (value)
        {
            case string or Markup: Quoted(Markup.TextOf(value)!); break;
            case PySequence sequence: List(sequence.Items, level); break;
            case PyDict dict: Dict(dict, level); break;
            default: text.Append(Scalar(value) ?? throw NotSerializable(value)); break;
        }
    }

    private static string? Scalar(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        BigInteger big => big.ToString(CultureInfo.InvariantCulture),
        double real => FloatText.NotFinite(real) switch
        {
            "nan" => "NaN",
            "inf" => "Infinity",
            "-inf" => "-Infinity",
            _ => FloatText.Repr(real),
        },
        _ => null,
    };

    private void List(object?[] items, int level)
    {
        if (items.Length == 0)
        {
            text.Append("[]");
            return;
        }

        meter.Enter();
        text.Append('[');
        for (var i = 0; i < items.Length; i++)
        {
            Separate(i == 0, level + 1);
            Value(items[i], level + 1);
        }

        NewLine(level);
        text.Append(']');
        meter.Leave();
    }

    private void Dict(PyDict dict, int level)
    {
        if (dict.Count == 0)
        {
            text.Append("{}");
            return;
        }

        meter.Enter();
        text.Append('{');
        var pairs = SortKeys ? Sorting.Sort(dict.Pairs, static pair => pair.Key, reverse: false, meter) : dict.Pairs;
        var first = true;
        foreach (var pair in pairs)
        {
            Separate(first, level + 1);
            first = false;
            Quoted(Markup.TextOf(pair.Key) ?? Scalar(pair.Key) ?? throw JinjaError.Python(
                $"keys must be str, int, float, bool or None, not {PyTypes.NameOf(pair.Key)}"));
            text.Append(KeySeparator);
            Value(pair.Value, level + 1);
        }

        NewLine(level);
        text.Append('}');
        meter.Leave();
    }

    private void Separate(bool first, int level)
    {
        if (!first) text.Append(ItemSeparator);
        NewLine(level);
    }

    private void NewLine(int level)
    {
        if (Indent is null) return;
        meter.Make((long)Indent.Length * level);
        text.Append('\n');
        for (var i = 0; i < level; i++) text.Append(Indent);
    }

    private void Quoted(string value)
    {
        meter.Read(value.Length);
        text.Append('"');
        foreach (var c in value)
        {
            switch (c)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case '\f': text.Append("\\f"); break;
                case '\b': text.Append("\\b"); break;
                case < ' ': Escaped(c); break;
                case > '~' when EnsureAscii: Escaped(c); break;
                default: text.Append(c); break;
            }
        }

        text.Append('"');
    }

    private void Escaped(char c) => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");

    private static JinjaError NotSerializable(object? value) =>
        JinjaError.Python($"Object of type {PyTypes.NameOf(value)} is not JSON serializable");
}
