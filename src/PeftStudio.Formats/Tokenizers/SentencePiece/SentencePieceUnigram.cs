using System.Buffers;
using System.Text;
using PeftStudio.Formats.Tokenizers.Models;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.SentencePiece;

/// <summary>SentencePiece's UNIGRAM model: sums in single precision, unused pieces left out, user-defined ones worth more than anything else.</summary>
internal sealed class SentencePieceUnigram : TokenModel
{
    private readonly SentencePieceVocabulary _pieces;
    private readonly UnigramLattice _lattice;

    internal SentencePieceUnigram(SentencePieceVocabulary pieces)
    {
        _pieces = pieces;
        var normal = pieces.File.Pieces.Where(p => p.Type == PieceType.Normal).Select(p => p.Score).DefaultIfEmpty().ToList();
        var (lowest, highest) = (normal.Min(), normal.Max());
        var searched = pieces.File.Pieces.Select((piece, id) => (piece, id)).Where(p => p.piece.Type is PieceType.Normal or PieceType.UserDefined);
        _lattice = new UnigramLattice(searched.Select(p => (p.piece.Text, p.id, ScoreOf(p.piece, highest))), pieces.File.Pieces.Count, singlePrecision: true)
        {
            UnknownId = pieces.File.UnknownId < 0 ? null : pieces.File.UnknownId,
            UnknownScore = lowest - UnigramModel.UnknownPenalty,
        };
    }

    internal override Vocabulary Vocabulary => _pieces.Ids;

    internal override void Tokenize(ReadOnlySpan<char> piece, TokenSink sink)
    {
        var (ids, ends) = _lattice.FindBestPath(piece);
        try
        {
            var lastUnknown = -1;
            for (var start = 0; start < piece.Length; start = ends[start])
            {
                _pieces.Emit(piece, start, ends[start], ids[ends[start]], sink, ref lastUnknown);
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(ids);
            ArrayPool<int>.Shared.Return(ends);
        }
    }

    /// <summary>A user-defined piece scores as if each of its bytes were the best piece, less a little, so that longer ones win.</summary>
    private static double ScoreOf(SentencePieceEntry piece, float highest) =>
        piece.Type == PieceType.UserDefined ? (double)(Encoding.UTF8.GetByteCount(piece.Text) * highest) - 0.1 : piece.Score;
}
