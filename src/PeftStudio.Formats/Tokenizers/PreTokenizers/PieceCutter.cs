using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.PreTokenizers;

/// <summary>Turns a sequence of matches and the stretches between them into pieces, as a <see cref="SplitBehavior"/> says.</summary>
internal struct PieceCutter(SplitBehavior behavior, int offset, List<Piece> parts)
{
    private Piece? _open;
    private bool _lastWasMatch;

    /// <summary>Adds the next part of the text.</summary>
    internal void Add(int start, int end, bool isMatch)
    {
        var part = new Piece(offset + start, offset + end);
        switch (behavior)
        {
            case SplitBehavior.Removed:
                if (!isMatch) Put(part);
                break;
            case SplitBehavior.Isolated:
                Put(part);
                break;
            case SplitBehavior.Contiguous when _open is not null && isMatch == _lastWasMatch:
                _open = _open.Value with { End = part.End };
                break;
            case SplitBehavior.MergedWithPrevious when _open is not null && isMatch && !_lastWasMatch:
                _open = _open.Value with { End = part.End };
                break;
            case SplitBehavior.MergedWithNext when _open is not null && !isMatch && _lastWasMatch:
                _open = _open.Value with { End = part.End };
                break;
            default:
                Finish();
                _open = part;
                break;
        }

        _lastWasMatch = isMatch;
    }

    internal void Finish()
    {
        if (_open is { } open) Put(open);
        _open = null;
    }

    private readonly void Put(Piece part)
    {
        if (part.Length > 0) parts.Add(part);
    }
}
