using System.Globalization;
using System.Text;

namespace PeftStudio.Formats.Tokenizers.Patterns;

internal sealed partial class PatternParser
{
    /// <summary>What follows a backslash outside brackets.</summary>
    private PatternNode ParseEscape()
    {
        if (AtEnd) throw Refuse("a backslash at the end");
        Anchor? anchor = Current switch
        {
            'A' => Anchor.TextStart,
            'z' => Anchor.TextEnd,
            'Z' => Anchor.TextEndOrLastNewline,
            'b' => Anchor.WordBoundary,
            'B' => Anchor.NoWordBoundary,
            _ => null,
        };
        if (anchor is { } found)
        {
            _at++;
            return new AnchorNode(found);
        }

        if (Current == 'R')
        {
            _at++;
            var crlf = new ConcatenationNode([new ClassNode(new(c => c == '\r')), new ClassNode(new(c => c == '\n'))]);
            var one = new ClassNode(new(c => c is (>= 0x0A and <= 0x0D) or 0x85 or 0x2028 or 0x2029));
            return new AtomicNode(new AlternationNode([crlf, one]));
        }

        if (Current is >= '1' and <= '9' or 'k' or 'g' or 'G' or 'K' or 'X') throw Refuse($"'\\{Current}', which is not supported");
        return TryTakeClassEscape(out var set) ? new ClassNode(Cased(set)) : Literal(TakeCharacterEscape());
    }

    /// <summary>Escapes that stand for a class, inside brackets or outside.</summary>
    private bool TryTakeClassEscape(out CodePointClass set)
    {
        CodePointClass? found = Current switch
        {
            's' => NamedClasses.Space,
            'S' => NamedClasses.Space.Not(),
            'w' => NamedClasses.Word,
            'W' => NamedClasses.Word.Not(),
            'd' => NamedClasses.Digit,
            'D' => NamedClasses.Digit.Not(),
            'h' => NamedClasses.HexDigit,
            'H' => NamedClasses.HexDigit.Not(),
            _ => null,
        };
        if (found is not null)
        {
            _at++;
            set = found;
            return true;
        }

        set = null!;
        if (Current is not ('p' or 'P')) return false;
        var negative = Current == 'P';
        _at++;
        set = TakeProperty(negative);
        return true;
    }

    private CodePointClass TakeProperty(bool negative)
    {
        string name;
        if (TryTake('{'))
        {
            if (TryTake('^')) negative = !negative;
            var end = _pattern.IndexOf('}', _at);
            if (end < 0) throw Refuse("a property without an end");
            name = _pattern[_at..end];
            _at = end + 1;
        }
        else
        {
            if (AtEnd) throw Refuse("a property without a name");
            name = Current.ToString();
            _at++;
        }

        var set = NamedClasses.Find(name) ?? throw Refuse($"the property '{name}', which is not known");
        return negative ? set.Not() : set;
    }

    /// <summary>Escapes that stand for one character.</summary>
    private int TakeCharacterEscape()
    {
        var c = TakeCodePoint();
        return c switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\f',
            'v' => '\v',
            'a' => '\a',
            'e' => 0x1B,
            '0' => 0,
            'x' => TakeHexadecimal(2),
            'u' => TakeHexadecimal(4),
            _ when c < 128 && char.IsAsciiLetter((char)c) => throw Refuse($"'\\{(char)c}', which is not supported"),
            _ => c,
        };
    }

    private int TakeHexadecimal(int digits)
    {
        ReadOnlySpan<char> text;
        if (TryTake('{'))
        {
            var end = _pattern.IndexOf('}', _at);
            if (end < 0) throw Refuse("a code point without an end");
            text = _pattern.AsSpan(_at, end - _at);
            _at = end + 1;
        }
        else
        {
            if (_at + digits > _pattern.Length) throw Refuse("a code point that is cut off");
            text = _pattern.AsSpan(_at, digits);
            _at += digits;
        }

        return int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && Rune.IsValid(value)
            ? value
            : throw Refuse($"'{text}' as a code point");
    }

    /// <summary>The inside of brackets up to and with the closing one: ranges, classes, brackets in brackets, intersections.</summary>
    private CodePointClass ParseBracket()
    {
        if (++_depth > DeepestNesting) throw Refuse($"brackets nested more than {DeepestNesting} deep");
        var negative = TryTake('^');
        CodePointClass? before = null;
        var parts = new List<CodePointClass>();
        for (var first = true; ; first = false)
        {
            if (AtEnd) throw Refuse("brackets without an end");
            if (!first && TryTake(']')) break;
            if (_pattern.AsSpan(_at).StartsWith("&&"))
            {
                _at += 2;
                before = before is null ? Union(parts) : before.And(Union(parts));
                parts.Clear();
                continue;
            }

            parts.Add(ParseBracketItem());
        }

        _depth--;
        var set = before is null ? Union(parts) : before.And(Union(parts));
        return negative ? Cased(set).Not() : set;
    }

    private CodePointClass ParseBracketItem()
    {
        if (_pattern.AsSpan(_at).StartsWith("[:") && _pattern.IndexOf(":]", _at, StringComparison.Ordinal) is var end and >= 0)
        {
            var name = _pattern[(_at + 2)..end];
            _at = end + 2;
            var negative = name.StartsWith('^');
            var set = NamedClasses.Find(negative ? name[1..] : name) ?? throw Refuse($"the bracket '{name}', which is not known");
            return negative ? set.Not() : set;
        }

        if (TryTake('[')) return ParseBracket();
        int low;
        if (TryTake('\\'))
        {
            if (AtEnd) throw Refuse("a backslash at the end");
            if (TryTakeClassEscape(out var set)) return set;
            low = TryTake('b') ? '\b' : TakeCharacterEscape();
        }
        else
        {
            low = TakeCodePoint();
        }

        if (AtEnd || Current != '-' || _at + 1 >= _pattern.Length || _pattern[_at + 1] == ']') return new CodePointClass(c => c == low);
        var dash = _at++;
        if (Current == '[' || (Current == '\\' && _at + 1 < _pattern.Length && _pattern[_at + 1] is 's' or 'S' or 'w' or 'W' or 'd' or 'D' or 'p' or 'P' or 'h' or 'H'))
        {
            _at = dash;
            return new CodePointClass(c => c == low);
        }

        var high = TryTake('\\') ? TakeCharacterEscape() : TakeCodePoint();
        if (high < low) throw Refuse("a range that runs backwards");
        return new CodePointClass(c => c >= low && c <= high);
    }

    private static CodePointClass Union(List<CodePointClass> parts)
    {
        var all = parts.ToArray();
        return all.Length == 1 ? all[0] : new CodePointClass(c => Array.Exists(all, part => part.Contains(c)));
    }
}
