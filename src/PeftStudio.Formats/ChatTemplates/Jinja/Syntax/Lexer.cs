using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Text;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Syntax;

/// <summary>
/// Cuts a template into tokens, one at a time, with the white space rules of transformers: <c>trim_blocks</c> (the newline right behind a
/// block tag or comment goes), <c>lstrip_blocks</c> (blanks between the start of a line and a block tag or comment go), <c>-</c> and
/// <c>+</c> inside tags, and one newline at the end of the template goes.
/// </summary>
internal sealed partial class Lexer
{
    private readonly string source;
    private State state = State.Text;
    private int at;
    private bool startsLine = true;
    private Token? pending;
    private int line = 1;
    private int counted;

    internal Lexer(string text)
    {
        source = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (source.EndsWith('\n')) source = source[..^1];
    }

    private enum State
    {
        Text,
        Block,
        Variable,
    }

    /// <summary>The next token; the end of the template again and again when there is no other.</summary>
    internal Token Next()
    {
        if (pending is { } waiting)
        {
            pending = null;
            return waiting;
        }

        while (at < source.Length)
        {
            if ((state == State.Text ? NextText() : NextInTag()) is { } token) return token;
        }

        return new Token(TokenKind.End, "", null, line);
    }

    /// <summary>Template text up to the next tag, or the tag itself; null where only a comment or white space was passed over.</summary>
    private Token? NextText()
    {
        var start = at;
        var startLine = LineOf(at);
        var tag = FindTag(at);
        if (tag < 0)
        {
            at = source.Length;
            return new Token(TokenKind.Data, source[start..], null, startLine);
        }

        var kind = source[tag + 1];
        var sign = SignAt(tag + 2);
        var data = Stripped(source[start..tag], sign, kind);
        at = tag + (sign == 0 ? 2 : 3);
        var opened = Open(kind, LineOf(tag));
        if (data.Length == 0) return opened;
        pending = opened;
        return new Token(TokenKind.Data, data, null, startLine);
    }

    private int FindTag(int from)
    {
        while (true)
        {
            var brace = source.IndexOf('{', from);
            if (brace < 0 || brace + 1 >= source.Length) return -1;
            if (source[brace + 1] is '%' or '{' or '#') return brace;
            from = brace + 1;
        }
    }

    /// <summary>Goes into the tag whose contents begin here; null for a comment or an empty raw block, which are passed over whole.</summary>
    private Token? Open(char kind, int openLine)
    {
        startsLine = false;
        switch (kind)
        {
            case '#':
                Comment(openLine);
                return null;
            case '{':
                state = State.Variable;
                return new Token(TokenKind.VariableBegin, "", null, openLine);
            case '%' when WordTag(at, "raw") is { } word && EndOfRawTag(word) is { } body:
                return Raw(body, openLine);
            default:
                state = State.Block;
                return new Token(TokenKind.BlockBegin, "", null, openLine);
        }
    }

    private void Comment(int openLine)
    {
        var end = source.IndexOf("#}", at, StringComparison.Ordinal);
        if (end < 0 && at < source.Length) throw JinjaError.Syntax("Missing end of comment tag", openLine);
        if (end < 0) return;
        var sign = end > at && source[end - 1] is '-' or '+' ? source[end - 1] : '\0';
        Close(end + 2, sign, trims: true);
    }

    private Token? Raw(int body, int openLine)
    {
        if (body < source.Length) startsLine = source[body - 1] == '\n';
        var bodyLine = LineOf(body);
        for (var from = body; ; from += 2)
        {
            from = source.IndexOf("{%", from, StringComparison.Ordinal);
            if (from < 0) throw JinjaError.Syntax("Missing end of raw directive", openLine);
            var sign = SignAt(from + 2);
            if (WordTag(from + (sign == 0 ? 2 : 3), "endraw") is not { } word || EndSign(word) is not { } end) continue;
            var data = Stripped(source[body..from], sign, '%');
            Close(word + (end == 0 ? 2 : 3), end, trims: true);
            return data.Length == 0 ? null : new Token(TokenKind.Data, data, null, bodyLine);
        }
    }

    /// <summary>Where the sign or end of a tag stands that holds just this word; null if it holds something else.</summary>
    private int? WordTag(int from, string word)
    {
        from = SkipSpace(from);
        return string.CompareOrdinal(source, from, word, 0, word.Length) == 0 ? SkipSpace(from + word.Length) : null;
    }

    /// <summary>Where the text of a raw block begins. Its first tag takes no newline with it.</summary>
    private int? EndOfRawTag(int from) => EndSign(from) switch
    {
        '-' => SkipSpace(from + 3),
        '\0' => from + 2,
        _ => null,
    };

    /// <summary>The sign before <c>%}</c>: minus, plus or the null character for none; null if the tag does not end here.</summary>
    private char? EndSign(int from)
    {
        var sign = SignAt(from);
        return string.CompareOrdinal(source, from + (sign == 0 ? 0 : 1), "%}", 0, 2) == 0 ? sign : null;
    }

    /// <summary>Leaves a tag that ends here, with the white space that goes with it.</summary>
    private void Close(int end, char sign, bool trims)
    {
        at = end;
        if (sign == '-') at = SkipSpace(at);
        else if (sign == 0 && trims && at < source.Length && source[at] == '\n') at++;
        startsLine = source[at - 1] == '\n';
        state = State.Text;
    }

    private string Stripped(string data, char sign, char kind)
    {
        if (sign == '-') return Trimming.StripEnd(data);
        if (sign == '+' || kind == '{') return data;
        var lineStart = data.LastIndexOf('\n') + 1;
        return (lineStart > 0 || startsLine) && Trimming.StripStart(data[lineStart..]).Length == 0 ? data[..lineStart] : data;
    }

    private char SignAt(int position) => position < source.Length && source[position] is '-' or '+' ? source[position] : '\0';

    private int SkipSpace(int from)
    {
        while (from < source.Length && CharacterClasses.IsSpace(source[from])) from++;
        return from;
    }

    /// <summary>The line of a position at or behind the last one asked for.</summary>
    private int LineOf(int position)
    {
        if (position <= counted) return line;
        line += source.AsSpan(counted, position - counted).Count('\n');
        counted = position;
        return line;
    }
}
