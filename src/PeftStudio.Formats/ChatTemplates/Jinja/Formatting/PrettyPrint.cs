using System.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Formatting;

/// <summary>Python's <c>pprint.pformat</c>: <c>repr</c> with sorted keys, one item a line where a value is wider than 80 characters.</summary>
internal sealed class PrettyPrint
{
    private const int Width = 80;

    private readonly Meter meter;
    private readonly StringBuilder text = new();

    private PrettyPrint(Meter meter) => this.meter = meter;

    internal static string Format(object? value, Meter meter)
    {
        var printer = new PrettyPrint(meter);
        printer.Write(Sorted(value, meter), 0, 0, 0);
        return printer.text.ToString();
    }

    /// <summary>Writes a value that begins in column <paramref name="indent"/> and has <paramref name="allowance"/> characters behind it.</summary>
    private void Write(object? value, int indent, int allowance, int level)
    {
        var repr = PyText.Repr(value, meter);
        if (CodePoints.Count(repr) <= Width - indent - allowance)
        {
            text.Append(repr);
            return;
        }

        meter.Enter();
        switch (value)
        {
            case PyDict { Count: > 0 } dict:
                text.Append('{');
                Pairs(dict, indent + 1, allowance + 1, level + 1);
                text.Append('}');
                break;
            case PyList { Items.Length: > 0 } list:
                text.Append('[');
                Items(list.Items, indent + 1, allowance + 1, level + 1);
                text.Append(']');
                break;
            case PyTuple { Items.Length: > 0 } tuple and not PyGroup:
                var end = tuple.Items.Length == 1 ? ",)" : ")";
                text.Append('(');
                Items(tuple.Items, indent + 1, allowance + end.Length, level + 1);
                text.Append(end);
                break;
            case string { Length: > 0 } plain:
                Lines(plain, indent, allowance, level + 1);
                break;
            default:
                text.Append(repr);
                break;
        }

        meter.Leave();
    }

    private void Items(object?[] items, int indent, int allowance, int level)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0) NewLine(",", indent);
            Write(items[i], indent, i == items.Length - 1 ? allowance : 1, level);
        }
    }

    private void Pairs(PyDict dict, int indent, int allowance, int level)
    {
        for (var i = 0; i < dict.Count; i++)
        {
            if (i > 0) NewLine(",", indent);
            var (key, value) = dict.At(i);
            var repr = PyText.Repr(key, meter);
            text.Append(repr).Append(": ");
            Write(value, indent + CodePoints.Count(repr) + 2, i == dict.Count - 1 ? allowance : 1, level);
        }
    }

    /// <summary>A long text as several literals, one a line, broken behind white space; in parentheses where it stands alone.</summary>
    private void Lines(string value, int indent, int allowance, int level)
    {
        if (level == 1) (indent, allowance) = (indent + 1, allowance + 1);
        var chunks = new List<string>();
        var lines = Splitting.Lines(value, keepEnds: true);
        var last = "";
        for (var i = 0; i < lines.Count; i++)
        {
            var rest = i == lines.Count - 1 ? allowance : 0;
            last = PyText.Repr(lines[i], meter);
            if (CodePoints.Count(last) <= Width - indent - rest) chunks.Add(last);
            else Words(lines[i], Width - indent, rest, chunks);
        }

        if (chunks.Count == 1)
        {
            text.Append(last);
            return;
        }

        if (level == 1) text.Append('(');
        for (var i = 0; i < chunks.Count; i++)
        {
            if (i > 0) NewLine("", indent);
            text.Append(chunks[i]);
        }

        if (level == 1) text.Append(')');
    }

    private void Words(string line, int width, int rest, List<string> chunks)
    {
        var current = "";
        for (var at = 0; at < line.Length;)
        {
            var start = at;
            while (at < line.Length && !CharacterClasses.IsSpace(line[at])) at++;
            while (at < line.Length && CharacterClasses.IsSpace(line[at])) at++;
            var part = line[start..at];
            if (at == line.Length) width -= rest;
            if (CodePoints.Count(PyText.Repr(current + part, meter)) <= width)
            {
                current += part;
                continue;
            }

            if (current.Length > 0) chunks.Add(PyText.Repr(current, meter));
            current = part;
        }

        if (current.Length > 0) chunks.Add(PyText.Repr(current, meter));
    }

    private void NewLine(string before, int indent)
    {
        meter.Read(indent);
        if (text.Length > meter.MaxCharacters) meter.Make(text.Length);
        text.Append(before).Append('\n').Append(' ', indent);
    }

    /// <summary>The value with the keys of all dictionaries in order.</summary>
    private static object? Sorted(object? value, Meter meter)
    {
        if (value is not (PyDict or PyList or PyTuple) || value is PyGroup) return value;
        meter.Enter();
        meter.Step();
        object? sorted = value;
        switch (value)
        {
            case PyList list: sorted = new PyList(Array.ConvertAll(list.Items, item => Sorted(item, meter))); break;
            case PyTuple tuple: sorted = new PyTuple(Array.ConvertAll(tuple.Items, item => Sorted(item, meter))); break;
            case PyDict dict:
                var made = new PyDict(meter.Keys, dict.Count);
                foreach (var pair in SortedPairs(dict, meter)) made[pair.Key] = Sorted(pair.Value, meter);
                sorted = made;
                break;
        }

        meter.Leave();
        return sorted;
    }

    /// <summary>Pairs by key; keys of kinds that have no order stand by the names of their types.</summary>
    private static IEnumerable<KeyValuePair<object?, object?>> SortedPairs(PyDict dict, Meter meter) => dict.Pairs
        .GroupBy(static pair => Numbers.IsNumber(pair.Key) ? "number" : PyTypes.NameOf(pair.Key))
        .OrderBy(static group => group.Key, StringComparer.Ordinal)
        .SelectMany(group => group.First().Key is string or Markup || Numbers.IsNumber(group.First().Key)
            ? Sorting.Sort(group, static pair => pair.Key, reverse: false, meter)
            : group.ToList());
}
