using System.Buffers;
using System.Text;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Models;

/// <summary>
/// Unigram: of all ways to cut a text into pieces the one with the highest sum of scores. Characters no piece covers are unknown,
/// 10 below the lowest score; neighbouring unknowns are one token, or bytes where the vocabulary has them all.
/// </summary>
internal sealed class UnigramModel : TokenModel
{
    /// <summary>How far an unknown character lies below the lowest score.</summary>
    internal const int UnknownPenalty = 10;

    private readonly UnigramLattice _lattice;
    private readonly int[]? _byteIds;

    internal UnigramModel(IReadOnlyList<(string Piece, double Score)> pieces, int? unknownId, bool byteFallback)
    {
        if (unknownId is { } unknown && (unknown < 0 || unknown >= pieces.Count))
        {
            throw TokenizerErrors.Invalid($"an unk_id from 0 to {pieces.Count - 1}", $"{unknown}");
        }

        var ids = new Dictionary<string, int>(pieces.Count, StringComparer.Ordinal);
        for (var id = 0; id < pieces.Count; id++) ids[pieces[id].Piece] = id;
        Vocabulary = new Vocabulary(ids, [.. pieces.Select(piece => piece.Piece)]);
        _lattice = new UnigramLattice(pieces.Select((piece, id) => (piece.Piece, id, piece.Score)), pieces.Count, singlePrecision: false)
        {
            UnknownId = unknownId,
            UnknownScore = pieces.Select(piece => piece.Score).DefaultIfEmpty(double.PositiveInfinity).Min() - UnknownPenalty,
        };
        _byteIds = byteFallback ? [.. Enumerable.Range(0, 256).Select(b => Vocabulary.IdOf($"<0x{b:X2}>") ?? -1)] : null;
    }

    internal override Vocabulary Vocabulary { get; }

    internal override void Tokenize(ReadOnlySpan<char> piece, TokenSink sink)
    {
        var (ids, ends) = _lattice.FindBestPath(piece);
        try
        {
            for (var start = 0; start < piece.Length;)
            {
                var end = ends[start];
                if (ids[end] == _lattice.UnknownId)
                {
                    while (end < piece.Length && ids[ends[end]] == _lattice.UnknownId) end = ends[end];
                }

                Emit(piece, start, end, sink);
                start = end;
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(ids);
            ArrayPool<int>.Shared.Return(ends);
        }
    }

    private void Emit(ReadOnlySpan<char> text, int start, int end, TokenSink sink)
    {
        var surface = text[start..end];
        if (Vocabulary.Lookup.TryGetValue(surface, out var id)) sink.Add(id, start, end);
        else if (!TryEmitBytes(surface, start, end, sink)) sink.Add(_lattice.UnknownId!.Value, start, end, surface.ToString());
    }

    private bool TryEmitBytes(ReadOnlySpan<char> surface, int start, int end, TokenSink sink)
    {
        if (_byteIds is null) return false;
        var bytes = new byte[Encoding.UTF8.GetByteCount(surface)];
        Encoding.UTF8.GetBytes(surface, bytes);
        if (Array.Exists(bytes, value => _byteIds[value] < 0)) return false;
        foreach (var value in bytes) sink.Add(_byteIds[value], start, end);
        return true;
    }
}
