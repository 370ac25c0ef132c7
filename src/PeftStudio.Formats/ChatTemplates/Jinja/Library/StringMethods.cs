using System.Collections.Frozen;
using PeftStudio.Formats.ChatTemplates.Jinja.Formatting;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Library;

/// <summary>Methods of texts. A marked text gives marked results where Python's Markup does.</summary>
internal static partial class StringMethods
{
    private static readonly FrozenDictionary<string, Method> Methods = new Dictionary<string, Method>(StringComparer.Ordinal)
    {
        ["capitalize"] = Simple(CaseMapping.Capitalize),
        ["casefold"] = Simple(CaseMapping.Fold),
        ["center"] = Pad(Padding.Center),
        ["count"] = Count,
        ["encode"] = Encode,
        ["endswith"] = (call, arguments) => EndsWith(call, arguments),
        ["expandtabs"] = ExpandTabs,
        ["find"] = (call, arguments) => (long)Find(call, arguments, "find", fromRight: false),
        ["format"] = (call, arguments) => new BraceFormat(call.Context, call.Owner).Apply(arguments),
        ["format_map"] = FormatMap,
        ["index"] = (call, arguments) => Index(call, arguments, "index", fromRight: false),
        ["isalnum"] = All(CharacterClasses.IsAlphanumeric),
        ["isalpha"] = All(CharacterClasses.IsAlpha),
        ["isascii"] = (call, arguments) => Nothing(call, arguments) ?? System.Text.Ascii.IsValid(call.Text),
        ["isdecimal"] = All(CharacterClasses.IsDecimal),
        ["isdigit"] = All(CharacterClasses.IsDigit),
        ["isidentifier"] = (call, arguments) => Nothing(call, arguments) ?? CharacterClasses.IsIdentifier(call.Text),
        ["islower"] = (call, arguments) => Nothing(call, arguments) ?? IsLower(call.Text),
        ["isnumeric"] = All(CharacterClasses.IsNumeric),
        ["isprintable"] = (call, arguments) => Nothing(call, arguments) ?? (call.Text.Length == 0 || Every(call.Text, TextRepr.IsPrintable)),
        ["isspace"] = All(static value => value <= char.MaxValue && CharacterClasses.IsSpace((char)value)),
        ["istitle"] = (call, arguments) => Nothing(call, arguments) ?? IsTitle(call.Text),
        ["isupper"] = (call, arguments) => Nothing(call, arguments) ?? IsUpper(call.Text),
        ["join"] = Join,
        ["ljust"] = Pad(Padding.Left),
        ["lower"] = Simple(CaseMapping.Lower),
        ["lstrip"] = Strip(Trimming.StripStart),
        ["partition"] = (call, arguments) => Partition(call, arguments, fromRight: false),
        ["removeprefix"] = (call, arguments) => Remove(call, arguments, "removeprefix"),
        ["removesuffix"] = (call, arguments) => Remove(call, arguments, "removesuffix"),
        ["replace"] = Replace,
        ["rfind"] = (call, arguments) => (long)Find(call, arguments, "rfind", fromRight: true),
        ["rindex"] = (call, arguments) => Index(call, arguments, "rindex", fromRight: true),
        ["rjust"] = Pad(Padding.Right),
        ["rpartition"] = (call, arguments) => Partition(call, arguments, fromRight: true),
        ["rsplit"] = (call, arguments) => Split(call, arguments, fromRight: true),
        ["rstrip"] = Strip(Trimming.StripEnd),
        ["split"] = (call, arguments) => Split(call, arguments, fromRight: false),
        ["splitlines"] = SplitLines,
        ["startswith"] = (call, arguments) => StartsWith(call, arguments),
        ["strip"] = Strip(Trimming.Strip),
        ["swapcase"] = Simple(CaseMapping.Swap),
        ["title"] = Simple(CaseMapping.Title),
        ["upper"] = Simple(CaseMapping.Upper),
        ["zfill"] = (call, arguments) => call.Like(
            Padding.Zeros(call.Text, Numbers.ToLong(arguments.Bind("zfill", 1, "width")[0]), call.Meter)),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private delegate object? Method(TextCall call, Arguments arguments);

    /// <summary>The method of that name bound to a text, or <see cref="Missing.Value"/>.</summary>
    internal static object Find(object owner, string name)
    {
        if (Methods.TryGetValue(name, out var method))
        {
            return new Function(name, (context, arguments) =>
            {
                var text = Markup.TextOf(owner)!;
                context.Meter.Read(text.Length);
                return method(new TextCall(context, owner, text), arguments);
            });
        }

        // Only marked texts have these two.
        return (owner, name) switch
        {
            (Markup marked, "striptags") => new Function(name, (context, _) => HtmlText.StripTags(marked.Text, context.Meter)),
            (Markup marked, "unescape") => new Function(name, (_, _) => HtmlText.Unescape(marked.Text)),
            _ => Missing.Value,
        };
    }

    private static Method Simple(Func<string, string> map) => (call, arguments) =>
    {
        arguments.ExpectNone("the method");
        return call.Like(map(call.Text));
    };

    private static Method Strip(Func<string, string?, string> strip) => (call, arguments) =>
    {
        var characters = arguments.Bind("strip", 0, "chars")[0];
        return call.Like(strip(call.Text, characters is null || Missing.Is(characters) ? null : TextArgument(characters, "strip")));
    };

    private static Method Pad(Func<string, long, string, Meter, string> pad) => (call, arguments) =>
    {
        var bound = arguments.Bind("justify", 1, "width", "fillchar");
        var fill = Missing.Is(bound[1]) ? " " : TextArgument(bound[1], "justify");
        if (CodePoints.Count(fill) != 1) throw JinjaError.Python("The fill character must be exactly one character long");
        return call.Like(pad(call.Text, Numbers.ToLong(bound[0]), call.Owner is Markup && bound[1] is string ? Markup.Escape(fill) : fill, call.Meter));
    };

    private static object ExpandTabs(TextCall call, Arguments arguments)
    {
        var size = arguments.Bind("expandtabs", 0, "tabsize")[0];
        return call.Like(Padding.ExpandTabs(call.Text, Missing.Is(size) ? 8 : Numbers.ToLong(size), call.Meter));
    }

    private static PyBytes Encode(TextCall call, Arguments arguments)
    {
        TextEncodings.Require(arguments.Bind("encode", 0, "encoding", "errors")[0]);
        return TextEncodings.Encode(call.Text, call.Meter);
    }

    private static object FormatMap(TextCall call, Arguments arguments)
    {
        if (arguments.Bind("format_map", 1, "mapping")[0] is not PyDict mapping) throw JinjaError.Python("format_map() needs a mapping");
        return new BraceFormat(call.Context, call.Owner).Apply(mapping);
    }

    private static object Join(TextCall call, Arguments arguments)
    {
        var items = Iterating.ToArray(arguments.Bind("join", 1, "iterable")[0], call.Meter);
        var texts = new string[items.Length];
        long length = 0;
        for (var i = 0; i < items.Length; i++)
        {
            texts[i] = call.Owner is Markup
                ? HtmlText.Escape(items[i], call.Meter).Text
                : TextArgument(items[i], $"sequence item {i}: join");
            length += texts[i].Length + call.Text.Length;
        }

        call.Meter.Make(length);
        return call.Like(string.Join(call.Text, texts));
    }

    private static string TextArgument(object? value, string what) => Markup.TextOf(value)
        ?? throw JinjaError.Python($"{what}: expected str, not {PyTypes.NameOf(value)}");

    private static object? Nothing(TextCall call, Arguments arguments)
    {
        _ = call;
        arguments.ExpectNone("the method");
        return null;
    }

    /// <summary>A call of a method: the text it belongs to, marked or not.</summary>
    private readonly record struct TextCall(RenderContext Context, object Owner, string Text)
    {
        internal Meter Meter => Context.Meter;

        /// <summary>A result that is marked if the owner is.</summary>
        internal object Like(string text) => Markup.Like(Owner, text);
    }
}
