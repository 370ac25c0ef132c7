using System.Globalization;
using System.Text;

namespace PeftStudio.Formats.Tokenizers.Patterns;

/// <summary>
/// Parses the regular expressions of tokenizer.json files: Oniguruma's Ruby syntax, which the reference implementation uses,
/// without back-references and the like, which are refused by name.
/// </summary>
internal sealed partial class PatternParser
{
    /// <summary>Groups nested deeper than this are refused.</summary>
    private const int DeepestNesting = 60;

    /// <summary>Repetition counts above this are refused.</summary>
    private const int MostRepeats = 1000;

    private readonly string _pattern;
    private int _at;
    private int _depth;
    private bool _ignoreCase;
    private bool _dotAll;
    private bool _extended;

    private PatternParser(string pattern) => _pattern = pattern;

    private bool AtEnd => _at >= _pattern.Length;

    private char Current => _pattern[_at];

    internal static PatternNode Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        var node = parser.ParseAlternation();
        return parser.AtEnd ? node : throw parser.Refuse("a ')' too many");
    }

    private AlternationOrSingle ParseChoices()
    {
        var choices = new List<PatternNode> { ParseConcatenation() };
        while (TryTake('|')) choices.Add(ParseConcatenation());
        return new AlternationOrSingle(choices);
    }

    private PatternNode ParseAlternation()
    {
        if (++_depth > DeepestNesting) throw Refuse($"groups nested more than {DeepestNesting} deep");
        var (ignoreCase, dotAll, extended) = (_ignoreCase, _dotAll, _extended);
        var node = ParseChoices().Node;
        (_ignoreCase, _dotAll, _extended) = (ignoreCase, dotAll, extended);
        _depth--;
        return node;
    }

    private ConcatenationNode ParseConcatenation()
    {
        var parts = new List<PatternNode>();
        while (!AtEnd && Current is not ('|' or ')'))
        {
            if (_extended && SkipExtended()) continue;
            var atom = ParseAtom();
            if (atom is not null) parts.Add(ParseQuantifiers(atom));
        }

        return new ConcatenationNode(parts);
    }

    private bool SkipExtended()
    {
        if (char.IsWhiteSpace(Current))
        {
            _at++;
            return true;
        }

        if (Current != '#') return false;
        while (!AtEnd && Current != '\n') _at++;
        return true;
    }

    /// <summary>One atom, or null for an option group such as <c>(?i)</c>, which stands for nothing.</summary>
    private PatternNode? ParseAtom()
    {
        var c = _pattern[_at];
        switch (c)
        {
            case '(':
                _at++;
                return ParseGroup();
            case '[':
                _at++;
                return new ClassNode(Cased(ParseBracket()));
            case '.':
                _at++;
                return new ClassNode(_dotAll ? NamedClasses.Any : NamedClasses.NotNewline);
            case '^':
                _at++;
                return new AnchorNode(Anchor.LineStart);
            case '$':
                _at++;
                return new AnchorNode(Anchor.LineEnd);
            case '*' or '+' or '?':
                throw Refuse($"'{c}' without anything to repeat");
            case '\\':
                _at++;
                return ParseEscape();
            default:
                return Literal(TakeCodePoint());
        }
    }

    private PatternNode? ParseGroup()
    {
        if (!TryTake('?')) return Closed(ParseAlternation());
        if (AtEnd) throw Refuse("a group without an end");
        var kind = Current;
        _at++;
        switch (kind)
        {
            case ':':
                return Closed(ParseAlternation());
            case '>':
                return new AtomicNode(Closed(ParseAlternation()));
            case '=':
                return new LookNode(Closed(ParseAlternation()), Behind: false, Negative: false);
            case '!':
                return new LookNode(Closed(ParseAlternation()), Behind: false, Negative: true);
            case '#':
                while (!AtEnd && Current != ')') _at++;
                if (!TryTake(')')) throw Refuse("a comment without an end");
                return null;
            case '<' when TryTake('='):
                return new LookNode(Closed(ParseAlternation()), Behind: true, Negative: false);
            case '<' when TryTake('!'):
                return new LookNode(Closed(ParseAlternation()), Behind: true, Negative: true);
            case '<' or 'P':
                return ParseNamedGroup(kind);
            default:
                _at--;
                return ParseOptions();
        }
    }

    private PatternNode ParseNamedGroup(char kind)
    {
        if (kind == 'P' && !TryTake('<')) throw Refuse("'(?P' without a name");
        while (!AtEnd && Current != '>') _at++;
        if (!TryTake('>')) throw Refuse("a group's name without an end");
        return Closed(ParseAlternation());
    }

    /// <summary><c>(?i)</c> holds to the end of the enclosing group, <c>(?i:…)</c> for its own content.</summary>
    private PatternNode? ParseOptions()
    {
        var (ignoreCase, dotAll, extended) = (_ignoreCase, _dotAll, _extended);
        var on = true;
        for (; !AtEnd && Current is not (':' or ')'); _at++)
        {
            switch (Current)
            {
                case '-':
                    on = false;
                    break;
                case 'i':
                    ignoreCase = on;
                    break;
                case 'm' or 's':
                    dotAll = on;
                    break;
                case 'x':
                    extended = on;
                    break;
                case 'u':
                    break;
                default:
                    throw Refuse($"the group '(?{Current}'");
            }
        }

        if (TryTake(')'))
        {
            (_ignoreCase, _dotAll, _extended) = (ignoreCase, dotAll, extended);
            return null;
        }

        if (!TryTake(':')) throw Refuse("a group without an end");
        var outer = (_ignoreCase, _dotAll, _extended);
        (_ignoreCase, _dotAll, _extended) = (ignoreCase, dotAll, extended);
        var body = ParseAlternation();
        (_ignoreCase, _dotAll, _extended) = outer;
        return Closed(body);
    }

    private PatternNode ParseQuantifiers(PatternNode atom)
    {
        while (!AtEnd)
        {
            var (least, most) = (0, -1);
            var counted = false;
            if (TryTake('*'))
            {
            }
            else if (TryTake('+'))
            {
                least = 1;
            }
            else if (TryTake('?'))
            {
                most = 1;
            }
            else if (Current == '{' && TryTakeCounts(out least, out most))
            {
                counted = true;
            }
            else
            {
                return atom;
            }

            // Behind counts '+' repeats the whole, and '?' behind a single count makes it optional.
            if (counted && least == most && TryTake('?')) atom = new RepeatNode(new RepeatNode(atom, least, most, RepeatKind.Greedy), 0, 1, RepeatKind.Greedy);
            else if (TryTake('?')) atom = new RepeatNode(atom, least, most, RepeatKind.Lazy);
            else if (!counted && TryTake('+')) atom = new RepeatNode(atom, least, most, RepeatKind.Possessive);
            else atom = new RepeatNode(atom, least, most, RepeatKind.Greedy);
        }

        return atom;
    }

    /// <summary>Reads <c>{n}</c>, <c>{n,}</c>, <c>{,m}</c> or <c>{n,m}</c>; anything else is a plain brace.</summary>
    private bool TryTakeCounts(out int least, out int most)
    {
        (least, most) = (0, -1);
        var end = _pattern.IndexOf('}', _at);
        if (end < 0) return false;
        var parts = _pattern[(_at + 1)..end].Split(',');
        if (parts.Length > 2 || parts.All(p => p.Length == 0) || parts.Any(p => p.Length > 0 && !p.All(char.IsAsciiDigit))) return false;
        least = parts[0].Length == 0 ? 0 : Count(parts[0]);
        most = parts.Length == 1 ? least : parts[1].Length == 0 ? -1 : Count(parts[1]);
        if (most >= 0 && most < least) throw Refuse($"a repetition from {least} to {most}");
        _at = end + 1;
        return true;

        int Count(string digits) => digits.Length <= 4 && int.Parse(digits, CultureInfo.InvariantCulture) is var count and <= MostRepeats
            ? count
            : throw Refuse($"more than {MostRepeats} repetitions");
    }

    private ClassNode Literal(int codePoint) => new(Cased(new CodePointClass(c => c == codePoint)));

    private CodePointClass Cased(CodePointClass set) => _ignoreCase ? set.IgnoringCase() : set;

    private PatternNode Closed(PatternNode body) => TryTake(')') ? body : throw Refuse("a group without an end");

    private int TakeCodePoint()
    {
        if (Rune.DecodeFromUtf16(_pattern.AsSpan(_at), out var rune, out var width) != System.Buffers.OperationStatus.Done) throw Refuse("half of a surrogate pair");
        _at += width;
        return rune.Value;
    }

    private bool TryTake(char c)
    {
        if (AtEnd || Current != c) return false;
        _at++;
        return true;
    }

    private PeftStudioException Refuse(string found)
    {
        var shown = _pattern.Length <= 120 ? _pattern : _pattern[..120] + "…";
        return TokenizerErrors.Invalid($"the regular expression '{shown}'", $"{found} at character {_at}");
    }

    private readonly record struct AlternationOrSingle(List<PatternNode> Choices)
    {
        internal PatternNode Node => Choices.Count == 1 ? Choices[0] : new AlternationNode(Choices);
    }
}
