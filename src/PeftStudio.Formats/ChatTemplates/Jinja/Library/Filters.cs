using System.Collections.Frozen;
using PeftStudio.Formats.ChatTemplates.Jinja.Formatting;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Library;

/// <summary>A filter: what stands before the bar, and what it is given.</summary>
internal delegate object? Filter(RenderContext context, object? value, Arguments arguments);

/// <summary>The filters of Jinja, with the <c>tojson</c> of transformers.</summary>
internal static class Filters
{
    private static readonly FrozenDictionary<string, Filter> All = new Dictionary<string, Filter>(StringComparer.Ordinal)
    {
        ["abs"] = NumberFilters.Abs,
        ["attr"] = static (context, value, arguments) => Attr(context, value, arguments),
        ["batch"] = SequenceFilters.Batch,
        ["capitalize"] = TextFilters.Mapped(CaseMapping.Capitalize),
        ["center"] = TextFilters.Center,
        ["count"] = SequenceFilters.Length,
        ["d"] = Default,
        ["default"] = Default,
        ["dictsort"] = SequenceFilters.DictSort,
        ["e"] = static (context, value, _) => HtmlText.Escape(value, context.Meter),
        ["escape"] = static (context, value, _) => HtmlText.Escape(value, context.Meter),
        ["filesizeformat"] = NumberFilters.FileSize,
        ["first"] = SequenceFilters.First,
        ["float"] = NumberFilters.Float,
        ["forceescape"] = static (context, value, _) => HtmlText.Escape(PyText.Str(value, context.Meter), context.Meter),
        ["format"] = TextFilters.Format,
        ["groupby"] = SelectionFilters.GroupBy,
        ["indent"] = TextFilters.Indent,
        ["int"] = NumberFilters.Int,
        ["items"] = SequenceFilters.Items,
        ["join"] = TextFilters.Join,
        ["last"] = SequenceFilters.Last,
        ["length"] = SequenceFilters.Length,
        ["list"] = static (context, value, _) => new PyList(Iterating.ToArray(value, context.Meter)),
        ["lower"] = TextFilters.Mapped(CaseMapping.Lower),
        ["map"] = SelectionFilters.Map,
        ["max"] = SelectionFilters.Extreme(largest: true),
        ["min"] = SelectionFilters.Extreme(largest: false),
        ["pprint"] = static (context, value, _) => PrettyPrint.Format(value, context.Meter),
        ["random"] = SequenceFilters.Random,
        ["reject"] = SelectionFilters.Select(wanted: false, byAttribute: false),
        ["rejectattr"] = SelectionFilters.Select(wanted: false, byAttribute: true),
        ["replace"] = TextFilters.Replace,
        ["reverse"] = SequenceFilters.Reverse,
        ["round"] = NumberFilters.Round,
        ["safe"] = static (context, value, _) => value as Markup ?? new Markup(PyText.Str(value, context.Meter)),
        ["select"] = SelectionFilters.Select(wanted: true, byAttribute: false),
        ["selectattr"] = SelectionFilters.Select(wanted: true, byAttribute: true),
        ["slice"] = SequenceFilters.Slice,
        ["sort"] = SelectionFilters.Sort,
        ["string"] = static (context, value, _) => Soft(value, context.Meter),
        ["striptags"] = static (context, value, _) => HtmlText.StripTags(PyText.Str(value, context.Meter), context.Meter),
        ["sum"] = SelectionFilters.Sum,
        ["title"] = TextFilters.Mapped(TextFilters.Title),
        ["tojson"] = JsonFilter.Apply,
        ["trim"] = TextFilters.Trim,
        ["truncate"] = TextFilters.Truncate,
        ["unique"] = SelectionFilters.Unique,
        ["upper"] = TextFilters.Mapped(CaseMapping.Upper),
        ["urlencode"] = UrlFilters.Encode,
        ["urlize"] = UrlFilters.Urlize,
        ["wordcount"] = TextFilters.WordCount,
        ["wordwrap"] = TextFilters.WordWrap,
        ["xmlattr"] = TextFilters.XmlAttributes,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    internal static Filter? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>A value as text that stays marked if it is.</summary>
    internal static object Soft(object? value, Meter meter) => value is string or Markup ? value : PyText.Str(value, meter);

    /// <summary>An argument, or what holds where none was given.</summary>
    internal static object? Or(object? argument, object? otherwise) => Missing.Is(argument) ? otherwise : argument;

    /// <summary>The truth of an argument, or what holds where none was given.</summary>
    internal static bool Flag(object? argument, bool otherwise = false) => Missing.Is(argument) ? otherwise : Iterating.IsTrue(argument);

    /// <summary>A text argument.</summary>
    internal static string Text(object? argument, string filter) => Markup.TextOf(argument)
        ?? throw (argument is Undefined undefined ? undefined.Fail() : JinjaError.Python($"{filter}: expected str, not {PyTypes.NameOf(argument)}"));

    private static object? Default(RenderContext context, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("default", 0, "default_value", "boolean");
        return value is Undefined || (Flag(bound[1]) && !Iterating.IsTrue(value)) ? Or(bound[0], "") : value;
    }

    private static object? Attr(RenderContext context, object? value, Arguments arguments)
    {
        var name = Text(arguments.Bind("attr", 1, "name")[0], "attr");
        var attribute = Members.Attribute(context, value, name);
        return Missing.Is(attribute) ? Undefined.Member(value, name) : attribute;
    }
}
