using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Library;

/// <content>Methods that look for, cut at or replace a part of a text.</content>
internal static partial class StringMethods
{
    private static bool StartsWith(TextCall call, Arguments arguments) =>
        Matches(call, arguments, "startswith", static (text, part) => text.StartsWith(part));

    private static bool EndsWith(TextCall call, Arguments arguments) =>
        Matches(call, arguments, "endswith", static (text, part) => text.EndsWith(part));

    private static bool Matches(TextCall call, Arguments arguments, string name, Func<ReadOnlySpan<char>, ReadOnlySpan<char>, bool> matches)
    {
        var bound = arguments.Bind(name, 1, "prefix", "start", "end");
        var (from, length, reachable) = Window(call, bound[1], bound[2]);
        var parts = bound[0] is PyTuple tuple ? tuple.Items : [bound[0]];
        foreach (var part in parts)
        {
            var text = TextArgument(part, name);
            if (reachable && matches(call.Text.AsSpan(from, length), text)) return true;
        }

        return false;
    }

    private static int Find(TextCall call, Arguments arguments, string name, bool fromRight)
    {
        var bound = arguments.Bind(name, 1, "sub", "start", "end");
        var part = TextArgument(bound[0], name);
        var (from, length, reachable) = Window(call, bound[1], bound[2]);
        if (!reachable) return -1;
        var window = call.Text.AsSpan(from, length);
        var found = fromRight ? window.LastIndexOf(part) : window.IndexOf(part);
        return found < 0 ? -1 : CodePoints.Count(call.Text.AsSpan(0, from + found));
    }

    private static long Index(TextCall call, Arguments arguments, string name, bool fromRight)
    {
        var found = Find(call, arguments, name, fromRight);
        return found >= 0 ? found : throw JinjaError.Python("substring not found");
    }

    private static object Count(TextCall call, Arguments arguments)
    {
        var bound = arguments.Bind("count", 1, "sub", "start", "end");
        var part = TextArgument(bound[0], "count");
        var (from, length, reachable) = Window(call, bound[1], bound[2]);
        if (!reachable) return 0L;
        var window = call.Text.AsSpan(from, length);
        return part.Length == 0 ? CodePoints.Count(window) + 1L : (long)window.Count(part);
    }

    private static object Replace(TextCall call, Arguments arguments)
    {
        var bound = arguments.Bind("replace", 2, "old", "new", "count");
        var (old, with) = (TextArgument(bound[0], "replace"), TextArgument(bound[1], "replace"));
        if (call.Owner is Markup && bound[1] is string) with = Markup.Escape(with);
        return call.Like(Replacing.Replace(call.Text, old, with, Missing.Is(bound[2]) ? -1 : Numbers.ToLong(bound[2]), call.Meter));
    }

    private static object Remove(TextCall call, Arguments arguments, string name)
    {
        var part = TextArgument(arguments.Bind(name, 1, "affix")[0], name);
        if (name == "removeprefix") return call.Like(call.Text.StartsWith(part, StringComparison.Ordinal) ? call.Text[part.Length..] : call.Text);
        return call.Like(call.Text.EndsWith(part, StringComparison.Ordinal) ? call.Text[..^part.Length] : call.Text);
    }

    private static PyTuple Partition(TextCall call, Arguments arguments, bool fromRight)
    {
        var separator = TextArgument(arguments.Bind("partition", 1, "sep")[0], "partition");
        var (before, found, after) = Splitting.Partition(call.Text, separator, fromRight);
        return new PyTuple(call.Like(before), call.Like(found), call.Like(after));
    }

    private static PyList Split(TextCall call, Arguments arguments, bool fromRight)
    {
        var bound = arguments.Bind("split", 0, "sep", "maxsplit");
        var limit = Missing.Is(bound[1]) ? -1 : Numbers.ToLong(bound[1]);
        if (bound[0] is null || Missing.Is(bound[0]))
        {
            return Listed(call, fromRight ? Splitting.SplitSpaceRight(call.Text, limit) : Splitting.SplitSpace(call.Text, limit));
        }

        var separator = TextArgument(bound[0], "split");
        if (separator.Length == 0) throw JinjaError.Python("empty separator");
        return Listed(call, fromRight ? Splitting.SplitRight(call.Text, separator, limit) : Splitting.Split(call.Text, separator, limit));
    }

    private static PyList SplitLines(TextCall call, Arguments arguments)
    {
        var keep = arguments.Bind("splitlines", 0, "keepends")[0];
        return Listed(call, Splitting.Lines(call.Text, !Missing.Is(keep) && Iterating.IsTrue(keep)));
    }

    private static PyList Listed(TextCall call, List<string> parts)
    {
        call.Meter.MakeItems(parts.Count);
        return new PyList([.. parts.Select(call.Like)]);
    }

    /// <summary>
    /// The units between two optional positions in code points. A start behind the end of the text reaches nothing, not even an empty text.
    /// </summary>
    private static (int From, int Length, bool Reachable) Window(TextCall call, object? start, object? end)
    {
        if (Missing.Is(start) && Missing.Is(end)) return (0, call.Text.Length, true);
        var count = CodePoints.Count(call.Text);
        var from = Missing.Is(start) || start is null ? 0 : Position(Numbers.ToLong(start), count);
        var to = Missing.Is(end) || end is null ? count : Math.Min(Position(Numbers.ToLong(end), count), count);
        if (from > to) return (0, 0, false);
        var unit = CodePoints.UnitOf(call.Text, (int)from);
        return (unit, CodePoints.UnitOf(call.Text, (int)to) - unit, true);
    }

    private static long Position(long index, int count) => index < 0 ? Math.Max(0, index + count) : index;
}
