using System.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Text;

/// <summary>
/// Breaks a line into shorter ones as Python's <c>textwrap</c> does: at white space, behind hyphens inside words and around dashes, and
/// inside words that fit no line.
/// </summary>
internal sealed class TextWrapper(long width, bool breakLongWords, bool breakOnHyphens)
{
    /// <summary>The lines of a text without line ends; none for white space only.</summary>
    internal List<string> Wrap(string text)
    {
        if (width <= 0) throw JinjaError.Python($"invalid width {width} (must be > 0)");
        var points = Points(text);
        var chunks = new Stack<(int Start, int End)>(Chunks(points).Reverse());
        var lines = new List<string>();
        while (chunks.TryPeek(out var first))
        {
            if (lines.Count > 0 && IsBlank(points, first)) chunks.Pop();
            var (start, end) = Line(points, chunks);
            if (start < end) lines.Add(Text(points, start, end));
        }

        return lines;
    }

    /// <summary>Takes one line off the chunks, without white space at its end.</summary>
    private (int Start, int End) Line(int[] points, Stack<(int Start, int End)> chunks)
    {
        if (chunks.Count == 0) return (0, 0);
        var start = chunks.Peek().Start;
        var (end, last) = (start, (Start: start, End: start));
        while (chunks.TryPeek(out var next) && next.End - start <= width)
        {
            last = chunks.Pop();
            end = last.End;
        }

        if (chunks.TryPeek(out var tooLong) && tooLong.End - tooLong.Start > width)
        {
            if (breakLongWords)
            {
                var cut = tooLong.Start + (int)(width - (end - start));
                cut = AfterHyphen(points, tooLong.Start, cut);
                last = (tooLong.Start, cut);
                end = cut;
                chunks.Pop();
                chunks.Push((cut, tooLong.End));
            }
            else if (end == start)
            {
                last = chunks.Pop();
                end = last.End;
            }
        }

        return (start, last.Start < last.End && IsBlank(points, last) ? last.Start : end);
    }

    /// <summary>Behind the last hyphen before a cut, if something else than hyphens stands before it.</summary>
    private int AfterHyphen(int[] points, int start, int cut)
    {
        if (!breakOnHyphens) return cut;
        for (var i = cut - 1; i > start; i--)
        {
            if (points[i] == '-') return points.AsSpan(start, i - start).ContainsAnyExcept('-') ? i + 1 : cut;
        }

        return cut;
    }

    private IEnumerable<(int Start, int End)> Chunks(int[] points)
    {
        for (var i = 0; i < points.Length;)
        {
            var end = i;
            while (end < points.Length && IsSpace(points[end])) end++;
            if (end == i) end = breakOnHyphens ? WordEnd(points, i) : SimpleEnd(points, i);
            yield return (i, end);
            i = end;
        }
    }

    private static int SimpleEnd(int[] points, int start)
    {
        var end = start;
        while (end < points.Length && !IsSpace(points[end])) end++;
        return end;
    }

    private static int WordEnd(int[] points, int start)
    {
        if (start > 0 && IsWordPunctuation(points[start - 1]) && DashEnd(points, start) is { } dash) return dash;
        for (var i = start + 1; ; i++)
        {
            if (i == points.Length || IsSpace(points[i])) return i;
            if (points[i] != '-') continue;
            if (BreaksAfter(points, i)) return i + 1;
            if (IsWordPunctuation(points[i - 1]) && DashEnd(points, i) is not null) return i;
        }
    }

    /// <summary>The end of two or more hyphens that a word character follows.</summary>
    private static int? DashEnd(int[] points, int start)
    {
        var end = start;
        while (end < points.Length && points[end] == '-') end++;
        return end - start >= 2 && end < points.Length && CharacterClasses.IsWord(points[end]) ? end : null;
    }

    /// <summary>Whether a line may break behind a hyphen: letters stand on both sides, alone only next to another hyphen.</summary>
    private static bool BreaksAfter(int[] points, int hyphen)
    {
        var before = IsLetter(points, hyphen - 1) && (IsLetter(points, hyphen - 2) || (At(points, hyphen - 2) == '-' && IsLetter(points, hyphen - 3)));
        return before && IsLetter(points, hyphen + 1)
            && (IsLetter(points, hyphen + 2) || (At(points, hyphen + 2) == '-' && IsLetter(points, hyphen + 3)));
    }

    private static int At(int[] points, int index) => index >= 0 && index < points.Length ? points[index] : ' ';

    private static bool IsLetter(int[] points, int index) =>
        CharacterClasses.IsWord(At(points, index)) && !CharacterClasses.IsDecimal(At(points, index));

    private static bool IsWordPunctuation(int value) => value is '!' or '"' or '\'' or '&' or '.' or ',' or '?' || CharacterClasses.IsWord(value);

    private static bool IsSpace(int value) => value is (>= '\t' and <= '\r') or ' ';

    private static bool IsBlank(int[] points, (int Start, int End) chunk) =>
        Array.TrueForAll(points[chunk.Start..chunk.End], static value => value <= char.MaxValue && CharacterClasses.IsSpace((char)value));

    private static int[] Points(string text)
    {
        var points = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i)) points.Add(CodePoints.ValueAt(text, i));
        return [.. points];
    }

    private static string Text(int[] points, int start, int end)
    {
        var text = new StringBuilder(end - start);
        for (var i = start; i < end; i++) CodePoints.Append(text, points[i]);
        return text.ToString();
    }
}
