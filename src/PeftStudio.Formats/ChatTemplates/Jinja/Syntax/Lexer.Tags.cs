using System.Globalization;
using System.Numerics;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Syntax;

/// <content>Tokens inside of tags.</content>
internal sealed partial class Lexer
{
    private static readonly string[] LongOperators = ["//", "**", "==", "!=", ">=", "<="];

    private readonly Stack<char> brackets = new();

    private Token? NextInTag()
    {
        if (brackets.Count == 0 && EndOfTag() is { } end) return end;
        var start = at;
        at = SkipSpace(at);
        if (at > start) return null;
        var c = source[at];
        if (char.IsAsciiDigit(c)) return Number();
        if (c is '\'' or '"' && EndOfString() is { } close) return Text(close);
        if (CharacterClasses.IsNamePart(CodePoints.ValueAt(source, at))) return Name();
        return Operator();
    }

    private Token? EndOfTag()
    {
        var sign = SignAt(at);
        var end = at + (sign == 0 ? 0 : 1);
        var (mark, kind) = state == State.Block ? ("%}", TokenKind.BlockEnd) : ("}}", TokenKind.VariableEnd);
        if (string.CompareOrdinal(source, end, mark, 0, 2) != 0 || (sign == '+' && state == State.Variable)) return null;
        var token = new Token(kind, "", null, LineOf(at));
        Close(end + 2, sign, trims: state == State.Block);
        return token;
    }

    private Token Name()
    {
        var start = at;
        while (at < source.Length && CharacterClasses.IsNamePart(CodePoints.ValueAt(source, at))) at += CodePoints.UnitsAt(source, at);
        var name = source[start..at];
        return CharacterClasses.IsIdentifier(name)
            ? new Token(TokenKind.Name, name, null, LineOf(start))
            : throw JinjaError.Syntax("Invalid character in identifier", LineOf(start));
    }

    private int? EndOfString()
    {
        for (var i = at + 1; i < source.Length; i++)
        {
            if (source[i] == '\\') i++;
            else if (source[i] == source[at]) return i;
        }

        return null;
    }

    private Token Text(int close)
    {
        var start = at;
        at = close + 1;
        return new Token(TokenKind.String, StringLiteral.Unescape(source[(start + 1)..close], LineOf(start)), null, LineOf(start));
    }

    private Token Operator()
    {
        var line = LineOf(at);
        var sign = Array.Find(LongOperators, candidate => string.CompareOrdinal(source, at, candidate, 0, 2) == 0);
        if (sign is null && "+-/*%~[](){}><=.:|,;".Contains(source[at], StringComparison.Ordinal)) sign = source[at].ToString();
        if (sign is null) throw JinjaError.Syntax($"unexpected char '{source.AsSpan(at, CodePoints.UnitsAt(source, at))}' at {at}", line);
        at += sign.Length;
        switch (sign[0])
        {
            case '(': brackets.Push(')'); break;
            case '[': brackets.Push(']'); break;
            case '{': brackets.Push('}'); break;
            case ')' or ']' or '}':
                if (!brackets.TryPop(out var expected)) throw JinjaError.Syntax($"unexpected '{sign}'", line);
                if (expected != sign[0]) throw JinjaError.Syntax($"unexpected '{sign}', expected '{expected}'", line);
                break;
        }

        return new Token(TokenKind.Operator, sign, null, line);
    }

    private Token Number()
    {
        var start = at;
        var line = LineOf(start);
        if ((start == 0 || source[start - 1] != '.') && EndOfFloat() is { } end)
        {
            at = end;
            return new Token(TokenKind.Float, "", double.Parse(Digits(start), NumberStyles.Float, CultureInfo.InvariantCulture), line);
        }

        if (source[start] == '0' && start + 1 < source.Length)
        {
            var radix = char.ToLowerInvariant(source[start + 1]) switch { 'b' => 2, 'o' => 8, 'x' => 16, _ => 0 };
            var digitsEnd = radix == 0 ? start : EndOfDigits(start + 2, c => IsDigit(c, radix), leadingUnderscore: true);
            if (radix != 0 && digitsEnd > start + 2)
            {
                at = digitsEnd;
                return new Token(TokenKind.Integer, "", Integers.Parse(Digits(start)[2..], radix), line);
            }
        }

        // A decimal number begins with another digit than zero, or consists of zeros.
        at = source[start] == '0'
            ? EndOfDigits(start, static c => c == '0', leadingUnderscore: false)
            : EndOfDigits(start, char.IsAsciiDigit, leadingUnderscore: false);
        return new Token(TokenKind.Integer, "", Integers.Parse(Digits(start), 10), line);
    }

    private int? EndOfFloat()
    {
        var whole = EndOfDigits(at, char.IsAsciiDigit, leadingUnderscore: false);
        var end = whole;
        if (end + 1 < source.Length && source[end] == '.' && char.IsAsciiDigit(source[end + 1]))
        {
            end = EndOfDigits(end + 1, char.IsAsciiDigit, leadingUnderscore: false);
        }

        if (end < source.Length && source[end] is 'e' or 'E')
        {
            var exponent = end + 1 + (SignAt(end + 1) == 0 ? 0 : 1);
            if (exponent < source.Length && char.IsAsciiDigit(source[exponent])) end = EndOfDigits(exponent, char.IsAsciiDigit, leadingUnderscore: false);
        }

        return end == whole ? null : end;
    }

    /// <summary>The end of digits with single underscores between them.</summary>
    private int EndOfDigits(int from, Func<char, bool> isDigit, bool leadingUnderscore)
    {
        var end = from;
        while (end < source.Length)
        {
            if (isDigit(source[end])) end++;
            else if (source[end] == '_' && (end > from || leadingUnderscore) && end + 1 < source.Length && isDigit(source[end + 1])) end += 2;
            else break;
        }

        return end;
    }

    private string Digits(int start) => source[start..at].Replace("_", "", StringComparison.Ordinal);

    private static bool IsDigit(char c, int radix) => char.IsAsciiHexDigit(c) && Convert.ToInt32(c.ToString(), 16) < radix;
}
