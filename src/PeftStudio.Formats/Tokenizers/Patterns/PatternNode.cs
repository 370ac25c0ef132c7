namespace PeftStudio.Formats.Tokenizers.Patterns;

/// <summary>A parsed pattern.</summary>
internal abstract record PatternNode;

/// <summary>One code point of a class.</summary>
internal sealed record ClassNode(CodePointClass Class) : PatternNode;

/// <summary>Parts one after the other; without any, the empty text.</summary>
internal sealed record ConcatenationNode(IReadOnlyList<PatternNode> Parts) : PatternNode;

/// <summary>The first of several that leads to a match.</summary>
internal sealed record AlternationNode(IReadOnlyList<PatternNode> Choices) : PatternNode;

/// <summary>How a repetition behaves.</summary>
internal enum RepeatKind
{
    Greedy,
    Lazy,
    Possessive,
}

/// <summary>A part several times.</summary>
/// <param name="Body">The part.</param>
/// <param name="Least">At least so often.</param>
/// <param name="Most">At most so often; −1 for any number.</param>
/// <param name="Kind">Which number is tried first, and whether others are tried at all.</param>
internal sealed record RepeatNode(PatternNode Body, int Least, int Most, RepeatKind Kind) : PatternNode;

/// <summary>A part that is not entered again once it matched.</summary>
internal sealed record AtomicNode(PatternNode Body) : PatternNode;

/// <summary>A condition on what lies before or behind.</summary>
internal sealed record LookNode(PatternNode Body, bool Behind, bool Negative) : PatternNode;

/// <summary>A condition on the position.</summary>
internal sealed record AnchorNode(Anchor Anchor) : PatternNode;

/// <summary>Conditions on a position that need no pattern.</summary>
internal enum Anchor
{
    LineStart,
    LineEnd,
    TextStart,
    TextEnd,
    TextEndOrLastNewline,
    WordBoundary,
    NoWordBoundary,
}
