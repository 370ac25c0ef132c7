using System.Globalization;
using System.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Library;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Formatting;

/// <summary>
/// Python's <c>str.format</c> with the sandbox's access to members: an attribute it withholds prints nothing. A marked text escapes what
/// is put into it.
/// </summary>
internal sealed class BraceFormat(RenderContext context, object owner)
{
    private Arguments arguments = Arguments.None;
    private PyDict? mapping;
    private int? automatic = 0;

    internal object Apply(Arguments given)
    {
        arguments = given;
        return Markup.Like(owner, Expand(Markup.TextOf(owner)!, depth: 2));
    }

    internal object Apply(PyDict given)
    {
        mapping = given;
        return Markup.Like(owner, Expand(Markup.TextOf(owner)!, depth: 2));
    }

    private string Expand(string text, int depth)
    {
        if (depth < 0) throw JinjaError.Python("Max string recursion exceeded");
        var made = new StringBuilder();
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c)
            {
                made.Append(c);
                i += 2;
            }
            else if (c == '{')
            {
                var end = EndOfField(text, i);
                made.Append(Field(text[(i + 1)..end], depth));
                i = end + 1;
            }
            else if (c == '}')
            {
                throw JinjaError.Python("Single '}' encountered in format string");
            }
            else
            {
                var next = text.AsSpan(i).IndexOfAny('{', '}');
                var literal = text.AsSpan(i, next < 0 ? text.Length - i : next);
                made.Append(literal);
                i += literal.Length;
            }

            if (made.Length > context.Meter.MaxCharacters) context.Meter.Make(made.Length);
        }

        return made.ToString();
    }

    /// <summary>The brace that closes a field; braces nest in its specification, and brackets hide them.</summary>
    private static int EndOfField(string text, int open)
    {
        var level = 0;
        var bracket = false;
        for (var i = open; i < text.Length; i++)
        {
            if (text[i] == '[' && level == 1) bracket = true;
            else if (text[i] == ']') bracket = false;
            else if (text[i] == '{' && !bracket) level++;
            else if (text[i] == '}' && !bracket && --level == 0) return i;
        }

        throw JinjaError.Python("expected '}' before end of string");
    }

    private string Field(string field, int depth)
    {
        context.Meter.Step();
        var nameEnd = EndOfName(field);
        var (name, rest) = (field[..nameEnd], field[nameEnd..]);
        var conversion = '\0';
        if (rest is ['!', var letter, ..])
        {
            conversion = letter;
            rest = rest[2..];
            if (rest.Length > 0 && rest[0] != ':') throw JinjaError.Python("expected ':' after conversion specifier");
        }
        else if (rest is ['!'])
        {
            throw JinjaError.Python("end of string while looking for conversion specifier");
        }

        var value = Converted(Lookup(name), conversion);
        return Format(value, rest.Length > 0 ? Expand(rest[1..], depth - 1) : "");
    }

    private static int EndOfName(string field)
    {
        var bracket = false;
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] == '[') bracket = true;
            else if (field[i] == ']') bracket = false;
            else if (!bracket && field[i] is '!' or ':') return i;
        }

        return field.Length;
    }

    private object? Lookup(string name)
    {
        var end = name.AsSpan().IndexOfAny('.', '[');
        var value = First(end < 0 ? name : name[..end]);
        for (var at = end < 0 ? name.Length : end; at < name.Length;)
        {
            if (name[at] == '.')
            {
                var next = name.AsSpan(at + 1).IndexOfAny('.', '[');
                var attribute = next < 0 ? name[(at + 1)..] : name.Substring(at + 1, next);
                if (attribute.Length == 0) throw JinjaError.Python("Empty attribute in format string");
                value = Members.GetAttribute(context, value, attribute);
                at += 1 + attribute.Length;
            }
            else
            {
                var close = name.IndexOf(']', at);
                if (name[at] != '[' || close < 0) throw JinjaError.Python("Missing ']' in format string");
                var key = name[(at + 1)..close];
                if (key.Length == 0) throw JinjaError.Python("Empty attribute in format string");
                value = Members.GetItem(context, value, Index(key) is { } index ? (long)index : key);
                at = close + 1;
            }
        }

        return value;
    }

    private object? First(string name)
    {
        if (name.Length == 0)
        {
            if (automatic is not { } next) throw JinjaError.Python("cannot switch from manual field specification to automatic field numbering");
            automatic = next + 1;
            return At(next);
        }

        if (Index(name) is { } index)
        {
            if (automatic is > 0) throw JinjaError.Python("cannot switch from automatic field numbering to manual field specification");
            automatic = null;
            return At(index);
        }

        if (mapping is not null) return mapping.TryGet(name, out var found) ? found : throw JinjaError.Python($"KeyError: '{name}'");
        foreach (var (key, value) in arguments.Named)
        {
            if (key == name) return value;
        }

        throw JinjaError.Python($"KeyError: '{name}'");
    }

    private object? At(int index) => mapping is null && index < arguments.Positional.Length
        ? arguments.Positional[index]
        : throw JinjaError.Python($"Replacement index {index} out of range for positional args tuple");

    private object? Converted(object? value, char conversion) => conversion switch
    {
        '\0' => value,
        's' => PyText.Str(value, context.Meter),
        'r' => PyText.Repr(value, context.Meter),
        'a' => PercentFormat.Ascii(PyText.Repr(value, context.Meter)),
        _ => throw JinjaError.Python($"Unknown conversion specifier {conversion}"),
    };

    private string Format(object? value, string spec)
    {
        if (owner is not Markup) return ValueFormat.Apply(value, spec, context.Meter);
        if (value is not Markup marked) return HtmlText.Escape(ValueFormat.Apply(value, spec, context.Meter), context.Meter).Text;
        return spec.Length == 0 ? marked.Text : throw JinjaError.Python("Unsupported format specification for Markup.");
    }

    private static int? Index(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
}
