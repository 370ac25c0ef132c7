using PeftStudio.Formats.Tokenizers.Models;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.SentencePiece;

/// <summary>
/// The pieces of a model. Text can become normal, user-defined and unused ones; control, unknown and byte pieces are reserved: they are found by their
/// whole text only, and never formed by merging.
/// </summary>
internal sealed class SentencePieceVocabulary
{
    private readonly Dictionary<string, int> _formed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _reserved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _formedLookup;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _reservedLookup;
    private readonly PieceType[] _types;

    internal SentencePieceVocabulary(SentencePieceFile file)
    {
        File = file;
        var ids = new Dictionary<string, int>(file.Pieces.Count, StringComparer.Ordinal);
        _types = new PieceType[file.Pieces.Count];
        for (var id = 0; id < file.Pieces.Count; id++)
        {
            var piece = file.Pieces[id];
            _types[id] = piece.Type;
            ids.TryAdd(piece.Text, id);
            var isFormed = piece.Type is PieceType.Normal or PieceType.UserDefined or PieceType.Unused;
            (isFormed ? _formed : _reserved).TryAdd(piece.Text, id);
            if (isFormed) LongestPiece = Math.Max(LongestPiece, piece.Text.Length);
            if (piece.Type == PieceType.UserDefined && piece.Text.Length > 0) UserDefined.Add(piece.Text, id);
        }

        Ids = new Vocabulary(ids, [.. file.Pieces.Select(piece => piece.Text)]);
        _formedLookup = _formed.GetAlternateLookup<ReadOnlySpan<char>>();
        _reservedLookup = _reserved.GetAlternateLookup<ReadOnlySpan<char>>();
        ByteIds = file.ByteFallback ? [.. Enumerable.Range(0, 256).Select(b => _reserved.GetValueOrDefault($"<0x{b:X2}>", file.UnknownId))] : null;
    }

    internal SentencePieceFile File { get; }

    internal Vocabulary Ids { get; }

    /// <summary>User-defined pieces: they are found before anything else and never change.</summary>
    internal TextTrie UserDefined { get; } = new();

    /// <summary>Length of the longest piece that text can become, in UTF-16 units.</summary>
    internal int LongestPiece { get; }

    /// <summary>Ids of the 256 byte pieces, or null without byte fallback.</summary>
    internal int[]? ByteIds { get; }

    internal PieceType TypeOf(int id) => _types[id];

    /// <summary>Id of a piece that text can become by merging, or −1.</summary>
    internal int Formed(ReadOnlySpan<char> text) => text.Length <= LongestPiece && _formedLookup.TryGetValue(text, out var id) ? id : -1;

    /// <summary>Id of any piece with this text; the unknown one if there is none.</summary>
    internal int IdOf(ReadOnlySpan<char> text)
    {
        if (_reservedLookup.TryGetValue(text, out var reserved)) return reserved;
        return Formed(text) is var id and >= 0 ? id : Unknown();
    }

    /// <summary>Hands out one found piece: as it is, as bytes, or as unknown, joined with an unknown one right before it.</summary>
    internal void Emit(ReadOnlySpan<char> text, int start, int end, int id, TokenSink sink, ref int lastUnknownEnd)
    {
        if (id != File.UnknownId)
        {
            sink.Add(id, start, end);
            return;
        }

        if (ByteIds is not null)
        {
            Span<byte> bytes = stackalloc byte[4];
            foreach (var rune in text[start..end].EnumerateRunes())
            {
                foreach (var value in bytes[..rune.EncodeToUtf8(bytes)]) sink.Add(ByteIds[value], start, end);
            }

            return;
        }

        if (lastUnknownEnd == start && sink.Count > 0) sink.ExtendLast(end, text[start..end]);
        else sink.Add(id, start, end, text[start..end].ToString());
        lastUnknownEnd = end;
    }

    private int Unknown() => File.UnknownId >= 0 ? File.UnknownId : throw TokenizerErrors.Invalid("text with unknown characters", "a SentencePiece model without an unknown piece");
}
