using System.Buffers;
using System.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Formatting;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Library;

/// <summary>Filters on texts; anything else is taken as its printed text where Jinja does so.</summary>
internal static class TextFilters
{
    /// <summary>Characters a text may be longer than asked before <c>truncate</c> cuts it.</summary>
    private const long Leeway = 5;

    private static readonly SearchValues<char> NotInAttributes = SearchValues.Create(" \t\n\r\f\v/>=");

    internal static Filter Mapped(Func<string, string> map) => (context, value, arguments) =>
    {
        arguments.ExpectNone("the filter");
        var text = Filters.Soft(value, context.Meter);
        context.Meter.Read(Markup.TextOf(text)!.Length);
        return Markup.Like(text, map(Markup.TextOf(text)!));
    };

    /// <summary>Capitals at the start of words, where words end at white space, hyphens and opening brackets only.</summary>
    internal static string Title(string text)
    {
        var made = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            while (i < text.Length && IsWordStart(text[i])) i++;
            made.Append(text, start, i - start);
            if (i == text.Length) break;
            start = i;
            while (i < text.Length && !IsWordStart(text[i])) i++;
            var first = CodePoints.UnitsAt(text, start);
            made.Append(CaseMapping.Upper(text.Substring(start, first))).Append(CaseMapping.Lower(text[(start + first)..i]));
        }

        return made.ToString();
    }

    internal static object? Center(RenderContext context, object? value, Arguments arguments)
    {
        var width = Numbers.ToLong(Filters.Or(arguments.Bind("center", 0, "width")[0], 80L));
        var text = Filters.Soft(value, context.Meter);
        return Markup.Like(text, Padding.Center(Markup.TextOf(text)!, width, " ", context.Meter));
    }

    internal static object? Trim(RenderContext context, object? value, Arguments arguments)
    {
        var characters = Filters.Or(arguments.Bind("trim", 0, "chars")[0], null);
        var text = Filters.Soft(value, context.Meter);
        context.Meter.Read(Markup.TextOf(text)!.Length);
        return Markup.Like(text, Trimming.Strip(Markup.TextOf(text)!, characters is null ? null : Filters.Text(characters, "trim")));
    }

    internal static object? Format(RenderContext context, object? value, Arguments arguments)
    {
        if (arguments.Positional.Length > 0 && arguments.Named.Length > 0)
        {
            throw JinjaError.Template("can't handle positional and keyword arguments at the same time");
        }

        object given = new PyTuple(arguments.Positional);
        if (arguments.Named.Length > 0)
        {
            var names = new PyDict(context.Meter.Keys);
            foreach (var (name, named) in arguments.Named) names[name] = named;
            given = names;
        }

        return PercentFormat.Apply(Filters.Soft(value, context.Meter), given, context.Meter);
    }

    internal static object? Replace(RenderContext context, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("replace", 2, "old", "new", "count");
        var meter = context.Meter;
        var limit = Filters.Or(bound[2], null) is { } count ? Numbers.ToLong(count) : -1;
        if (!context.AutoEscape) return Replacing.Replace(PyText.Str(value, meter), PyText.Str(bound[0], meter), PyText.Str(bound[1], meter), limit, meter);
        var text = bound[0] is Markup || (bound[1] is Markup && value is not Markup) ? HtmlText.Escape(value, meter) : Filters.Soft(value, meter);
        var with = text is Markup ? HtmlText.Escape(bound[1], meter).Text : PyText.Str(bound[1], meter);
        return Markup.Like(text, Replacing.Replace(Markup.TextOf(text)!, PyText.Str(bound[0], meter), with, limit, meter));
    }

    internal static object? Join(RenderContext context, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("join", 0, "d", "attribute");
        var meter = context.Meter;
        var separator = Filters.Or(bound[0], "");
        var items = Iterating.ToArray(value, meter);
        if (Filters.Or(bound[1], null) is { } attribute) items = Array.ConvertAll(items, new ItemKey(context, attribute, exact: true).Of);
        var marked = context.AutoEscape && (separator is Markup || Array.Exists(items, static item => item is Markup));
        var texts = Array.ConvertAll(items, item => marked ? HtmlText.Escape(item, meter).Text : PyText.Str(item, meter));
        var between = marked ? HtmlText.Escape(separator, meter).Text : PyText.Str(separator, meter);
        meter.Make(texts.Sum(static text => (long)text.Length) + ((long)between.Length * texts.Length));
        var joined = string.Join(between, texts);
        return marked ? new Markup(joined) : joined;
    }

    internal static object? Indent(RenderContext context, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("indent", 0, "width", "first", "blank");
        var width = Filters.Or(bound[0], 4L);
        var indention = Markup.TextOf(width) ?? Padding.Left("", Numbers.ToLong(width), " ", context.Meter);
        if (value is not (string or Markup)) throw NotText(value, "indent");
        var lines = Splitting.Lines(Markup.TextOf(value)! + "\n");
        context.Meter.Make(Markup.TextOf(value)!.Length + ((long)indention.Length * lines.Count));
        if (value is Markup && width is string) indention = Markup.Escape(indention);
        var blank = Filters.Flag(bound[2]);
        var text = string.Join('\n', lines.Select((line, i) => i > 0 && (blank || line.Length > 0) ? indention + line : line));
        return Markup.Like(value, Filters.Flag(bound[1]) ? indention + text : text);
    }

    internal static object? Truncate(RenderContext context, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("truncate", 0, "length", "killwords", "end", "leeway");
        var length = Numbers.ToLong(Filters.Or(bound[0], 255L));
        var end = Filters.Text(Filters.Or(bound[2], "..."), "truncate");
        var leeway = Filters.Or(bound[3], null) is { } given ? Numbers.ToLong(given) : Leeway;
        if (length < CodePoints.Count(end)) throw JinjaError.Python($"expected length >= {CodePoints.Count(end)}, got {length}");
        if (leeway < 0) throw JinjaError.Python($"expected leeway >= 0, got {leeway}");
        if (value is not (string or Markup)) throw NotText(value, "truncate");
        var text = Markup.TextOf(value)!;
        context.Meter.Read(text.Length);
        if (CodePoints.Count(text) <= length + leeway) return value;
        var kept = text[..CodePoints.UnitOf(text, (int)(length - CodePoints.Count(end)))];
        if (!Filters.Flag(bound[1])) kept = Splitting.SplitRight(kept, " ", 1)[0];
        return Markup.Like(value, kept + (value is Markup && Filters.Or(bound[2], null) is not Markup ? Markup.Escape(end) : end));
    }

    internal static object? WordCount(RenderContext context, object? value, Arguments arguments)
    {
        var text = PyText.Str(value, context.Meter);
        context.Meter.Read(text.Length * 8);
        long count = 0;
        var inWord = false;
        for (var i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i))
        {
            var isWord = CharacterClasses.IsWord(CodePoints.ValueAt(text, i));
            if (isWord && !inWord) count++;
            inWord = isWord;
        }

        return count;
    }

    internal static object? WordWrap(RenderContext context, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("wordwrap", 0, "width", "break_long_words", "wrapstring", "break_on_hyphens");
        if (value is not (string or Markup)) throw NotText(value, "wordwrap");
        var text = Markup.TextOf(value)!;
        context.Meter.Read(text.Length * 8);
        var between = Filters.Text(Filters.Or(bound[2], null) ?? "\n", "wordwrap");
        var wrapper = new TextWrapper(Numbers.ToLong(Filters.Or(bound[0], 79L)), Filters.Flag(bound[1], true), Filters.Flag(bound[3], true));
        return string.Join(between, Splitting.Lines(text).Select(line => string.Join(between, wrapper.Wrap(line))));
    }

    internal static object? XmlAttributes(RenderContext context, object? value, Arguments arguments)
    {
        var space = Filters.Flag(arguments.Bind("xmlattr", 0, "autospace")[0], true);
        if (value is Undefined undefined) throw undefined.Fail();
        if (value is not PyDict dict) throw JinjaError.Python($"'{PyTypes.NameOf(value)}' object has no attribute 'items'");
        var made = new List<string>();
        foreach (var (key, item) in dict.Pairs)
        {
            if (item is null or Undefined) continue;
            var name = Filters.Text(key, "xmlattr");
            if (name.AsSpan().IndexOfAny(NotInAttributes) >= 0) throw JinjaError.Python($"Invalid character in attribute name: '{name}'");
            made.Add($"{HtmlText.Escape(key, context.Meter).Text}=\"{HtmlText.Escape(item, context.Meter).Text}\"");
        }

        var text = (space && made.Count > 0 ? " " : "") + string.Join(' ', made);
        return context.AutoEscape ? new Markup(text) : text;
    }

    private static bool IsWordStart(char c) => c is '-' or '(' or '{' or '[' or '<' || CharacterClasses.IsSpace(c);

    private static JinjaError NotText(object? value, string filter) => value is Undefined undefined
        ? undefined.Fail()
        : JinjaError.Python($"{filter}: expected str, not {PyTypes.NameOf(value)}");
}
