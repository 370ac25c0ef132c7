namespace PeftStudio.Formats.Tokenizers.Patterns;

/// <summary>A set of code points in a pattern: a rule, and its answers for ASCII in two words.</summary>
internal sealed class CodePointClass
{
    private readonly Func<int, bool> _rule;
    private readonly ulong _low;
    private readonly ulong _high;

    internal CodePointClass(Func<int, bool> rule)
    {
        _rule = rule;
        for (var c = 0; c < 64; c++)
        {
            if (rule(c)) _low |= 1UL << c;
            if (rule(c + 64)) _high |= 1UL << c;
        }
    }

    internal bool Contains(int codePoint) => codePoint switch
    {
        < 64 => ((_low >> codePoint) & 1) != 0,
        < 128 => ((_high >> (codePoint - 64)) & 1) != 0,
        _ => _rule(codePoint),
    };

    internal CodePointClass Not() => new(c => !Contains(c));

    internal CodePointClass Or(CodePointClass other) => new(c => Contains(c) || other.Contains(c));

    internal CodePointClass And(CodePointClass other) => new(c => Contains(c) && other.Contains(c));

    /// <summary>The same set with every letter in all its cases.</summary>
    internal CodePointClass IgnoringCase() => new(c => Contains(c) || CaseFolding.VariantsOf(c).Any(Contains));
}
