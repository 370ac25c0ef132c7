using System.Globalization;
using System.Numerics;
using System.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Formatting;

/// <summary>Python's <c>str</c> and <c>repr</c> of values: what a template prints, and what stands inside a printed list.</summary>
internal static class PyText
{
    /// <summary>Python's <c>str</c>.</summary>
    internal static string Str(object? value, Meter meter)
    {
        switch (value)
        {
            case string text: return text;
            case Markup markup: return markup.Text;
            case Undefined: return "";
            case long number: return number.ToString(CultureInfo.InvariantCulture);
            default:
                var written = new StringBuilder();
                Repr(written, value, meter);
                return written.ToString();
        }
    }

    /// <summary>Python's <c>repr</c>.</summary>
    internal static string Repr(object? value, Meter meter)
    {
        var written = new StringBuilder();
        Repr(written, value, meter);
        return written.ToString();
    }

    internal static void Repr(StringBuilder text, object? value, Meter meter)
    {
        meter.Step();
        if (text.Length > meter.MaxCharacters) meter.Make(text.Length);
        switch (value)
        {
            case null: text.Append("None"); break;
            case bool flag: text.Append(flag ? "True" : "False"); break;
            case string plain: TextRepr.Write(text, plain, meter); break;
            case Markup markup: Wrapped(text, "Markup(", markup.Text, ")", meter); break;
            case long number: text.Append(CultureInfo.InvariantCulture, $"{number}"); break;
            case BigInteger big: text.Append(big.ToString(CultureInfo.InvariantCulture)); break;
            case double real: text.Append(FloatText.Repr(real)); break;
            case PyList list: Items(text, "[", list.Items, "]", meter); break;
            case PyTuple tuple: Items(text, "(", tuple.Items, tuple.Items.Length == 1 ? ",)" : ")", meter); break;
            case PyDict dict: Pairs(text, dict, meter); break;
            case DictView view: View(text, view, meter); break;
            case PyRange range: Range(text, range); break;
            case PyBytes bytes: TextRepr.Write(text, bytes.Values); break;
            case Undefined: text.Append("Undefined"); break;
            case Namespace space: Nested(text, space, meter); break;
            case Callable callable: text.Append(callable.Print(meter)); break;
            case PyIterator iterator: text.Append(CultureInfo.InvariantCulture, $"<{iterator.TypeName} object>"); break;
            default: text.Append(CultureInfo.InvariantCulture, $"<{PyTypes.NameOf(value)}>"); break;
        }
    }

    private static void Wrapped(StringBuilder text, string open, string inner, string close, Meter meter)
    {
        text.Append(open);
        TextRepr.Write(text, inner, meter);
        text.Append(close);
    }

    private static void Items(StringBuilder text, string open, object?[] items, string close, Meter meter)
    {
        meter.Enter();
        text.Append(open);
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0) text.Append(", ");
            Repr(text, items[i], meter);
        }

        text.Append(close);
        meter.Leave();
    }

    private static void Pairs(StringBuilder text, PyDict dict, Meter meter)
    {
        meter.Enter();
        text.Append('{');
        var first = true;
        foreach (var pair in dict.Pairs)
        {
            if (!first) text.Append(", ");
            first = false;
            Repr(text, pair.Key, meter);
            text.Append(": ");
            Repr(text, pair.Value, meter);
        }

        text.Append('}');
        meter.Leave();
    }

    private static void View(StringBuilder text, DictView view, Meter meter)
    {
        text.Append(PyTypes.NameOf(view));
        Items(text, "([", [.. view.Items], "])", meter);
    }

    private static void Nested(StringBuilder text, Namespace space, Meter meter)
    {
        meter.Enter();
        text.Append("<Namespace ");
        Pairs(text, space.Attributes, meter);
        text.Append('>');
        meter.Leave();
    }

    private static void Range(StringBuilder text, PyRange range)
    {
        text.Append(CultureInfo.InvariantCulture, $"range({range.Start}, {range.Stop}");
        if (range.Step != 1) text.Append(CultureInfo.InvariantCulture, $", {range.Step}");
        text.Append(')');
    }
}
