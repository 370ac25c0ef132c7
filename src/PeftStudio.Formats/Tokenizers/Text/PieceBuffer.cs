namespace PeftStudio.Formats.Tokenizers.Text;

/// <summary>A part of a <see cref="PieceBuffer"/>'s text.</summary>
/// <param name="Start">First UTF-16 unit.</param>
/// <param name="End">The unit behind the last.</param>
internal readonly record struct Piece(int Start, int End)
{
    internal int Length => End - Start;
}

/// <summary>
/// One stretch of text between added tokens, and the pieces it has been cut into so far. Normalizers rewrite the text,
/// pre-tokenizers cut it further; both work on a spare copy that then changes places with the current one.
/// </summary>
internal sealed class PieceBuffer
{
    private List<Piece> _spare = [];
    private AlignedText _spareText = new();
    private bool _track;

    internal AlignedText Text { get; private set; } = new();

    internal List<Piece> Pieces { get; private set; } = [];

    internal ReadOnlySpan<char> CharsOf(Piece piece) => Text.Chars[piece.Start..piece.End];

    /// <summary>Starts again with one piece of original text.</summary>
    internal void Load(ReadOnlySpan<char> text, int originalStart, bool track)
    {
        _track = track;
        Text.Clear(track);
        Text.AppendOriginal(text, originalStart);
        TakeWhole();
    }

    /// <summary>Starts again with a part of another text, as one piece.</summary>
    internal void Load(AlignedText text, int start, int end, bool track)
    {
        _track = track;
        Text.Clear(track);
        Text.AppendFrom(text, start, end);
        TakeWhole();
    }

    /// <summary>Makes the whole text one piece, or none if it is empty.</summary>
    internal void TakeWhole()
    {
        Pieces.Clear();
        if (Text.Length > 0) Pieces.Add(new Piece(0, Text.Length));
    }

    /// <summary>An empty list for the next pieces; <see cref="Accept"/> makes it current.</summary>
    internal List<Piece> NextPieces()
    {
        _spare.Clear();
        return _spare;
    }

    /// <summary>An empty text to rewrite the current one into; <see cref="AcceptText"/> makes it current.</summary>
    internal AlignedText NextText()
    {
        _spareText.Clear(_track);
        return _spareText;
    }

    internal void Accept() => (Pieces, _spare) = (_spare, Pieces);

    internal void AcceptText() => (Text, _spareText) = (_spareText, Text);
}
