using System.Text;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Models;

/// <summary>What a <c>BPE</c> model says besides its vocabulary and merges.</summary>
internal sealed record BpeSettings
{
    internal string? UnknownToken { get; init; }

    internal string? ContinuingPrefix { get; init; }

    internal string? EndOfWordSuffix { get; init; }

    internal bool FuseUnknown { get; init; }

    internal bool ByteFallback { get; init; }

    internal bool IgnoreMerges { get; init; }

    internal bool HasAffixes => ContinuingPrefix is not null || EndOfWordSuffix is not null;
}

/// <summary>
/// Byte pair encoding over characters: each becomes an id (with ByteLevel in front a character is a byte), then neighbours merge by rank.
/// Unknown characters become bytes, the unknown token, or nothing, as the settings say.
/// </summary>
internal sealed class BpeModel : TokenModel
{
    private readonly int[]? _byteIds;
    private readonly int? _unknownId;

    internal BpeModel(Vocabulary vocabulary, IReadOnlyList<(string Left, string Right)> merges, BpeSettings settings)
    {
        Vocabulary = vocabulary;
        Settings = settings;
        Merges = BuildMerges(vocabulary, merges, settings.ContinuingPrefix?.Length ?? 0);
        _byteIds = settings.ByteFallback ? [.. Enumerable.Range(0, 256).Select(b => vocabulary.IdOf($"<0x{b:X2}>") ?? -1)] : null;
        _unknownId = settings.UnknownToken is { } unknown ? vocabulary.IdOf(unknown) : null;
    }

    internal override Vocabulary Vocabulary { get; }

    internal BpeSettings Settings { get; }

    internal MergeTable Merges { get; }

    internal override void Tokenize(ReadOnlySpan<char> piece, TokenSink sink)
    {
        if (Settings.IgnoreMerges && Vocabulary.Lookup.TryGetValue(piece, out var whole))
        {
            sink.Add(whole, 0, piece.Length);
            return;
        }

        var symbols = new SymbolList(piece.Length);
        try
        {
            AddSymbols(piece, ref symbols);
            symbols.Merge(Merges);
            Emit(piece, symbols, sink);
        }
        finally
        {
            symbols.Dispose();
        }
    }

    private static MergeTable BuildMerges(Vocabulary vocabulary, IReadOnlyList<(string Left, string Right)> merges, int prefixLength)
    {
        var table = new MergeTable(merges.Count);
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right) = merges[rank];
            if (right.Length < prefixLength) throw Missing(right);
            var merged = string.Concat(left, right.AsSpan(prefixLength));
            table.Add(
                vocabulary.IdOf(left) ?? throw Missing(left), vocabulary.IdOf(right) ?? throw Missing(right), rank, vocabulary.IdOf(merged) ?? throw Missing(merged));
        }

        return table;
    }

    private static PeftStudioException Missing(string token) =>
        TokenizerErrors.Invalid("merges between tokens of the vocabulary", $"a merge with '{token}', which is not in the vocabulary");

    /// <summary>Moves byte ranges to UTF-16 ranges. A token that ends inside a character (one of its bytes) covers the whole character.</summary>
    private static void Emit(ReadOnlySpan<char> piece, in SymbolList symbols, TokenSink sink)
    {
        var ids = symbols.Ids;
        var ends = symbols.Ends;
        var cursor = new Utf8Cursor(piece);
        var from = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            var start = cursor.StartOfCharacterAt(from);
            sink.Add(ids[i], start, cursor.EndOfCharacterAt(ends[i] - 1));
            from = ends[i];
        }
    }

    private void AddSymbols(ReadOnlySpan<char> piece, ref SymbolList symbols)
    {
        var unknownBytes = 0;
        Span<char> formed = stackalloc char[64];
        Span<byte> utf8 = stackalloc byte[192];
        for (var i = 0; i < piece.Length;)
        {
            Rune.DecodeFromUtf16(piece[i..], out var rune, out var width);
            var form = Settings.HasAffixes ? Affixed(piece, i, width, formed) : piece.Slice(i, width);
            if (Vocabulary.Lookup.TryGetValue(form, out var id))
            {
                FlushUnknown(ref symbols, ref unknownBytes);
                symbols.Add(id, rune.Utf8SequenceLength);
            }
            else if (!TryAddBytes(form, utf8, ref symbols) && Settings.UnknownToken is not null)
            {
                if (!Settings.FuseUnknown) FlushUnknown(ref symbols, ref unknownBytes);
                unknownBytes += rune.Utf8SequenceLength;
            }

            i += width;
        }

        FlushUnknown(ref symbols, ref unknownBytes);
    }

    private void FlushUnknown(ref SymbolList symbols, ref int unknownBytes)
    {
        if (unknownBytes == 0) return;
        symbols.Add(_unknownId ?? throw TokenizerErrors.Invalid("text with unknown characters", $"the unknown token '{Settings.UnknownToken}' is not in the vocabulary"), unknownBytes);
        unknownBytes = 0;
    }

    private bool TryAddBytes(ReadOnlySpan<char> form, Span<byte> scratch, ref SymbolList symbols)
    {
        if (_byteIds is null) return false;
        var needed = Encoding.UTF8.GetByteCount(form);
        var bytes = needed <= scratch.Length ? scratch[..needed] : new byte[needed];
        Encoding.UTF8.GetBytes(form, bytes);
        foreach (var value in bytes)
        {
            if (_byteIds[value] < 0) return false;
        }

        foreach (var value in bytes) symbols.Add(_byteIds[value], 1);
        return true;
    }

    /// <summary>A character as the vocabulary writes it inside a word: all but the first with the prefix, the last with the suffix.</summary>
    private ReadOnlySpan<char> Affixed(ReadOnlySpan<char> piece, int index, int width, Span<char> scratch)
    {
        var prefix = index > 0 ? Settings.ContinuingPrefix : null;
        var suffix = index + width == piece.Length ? Settings.EndOfWordSuffix : null;
        var length = (prefix?.Length ?? 0) + width + (suffix?.Length ?? 0);
        var form = length <= scratch.Length ? scratch[..length] : new char[length];
        prefix.AsSpan().CopyTo(form);
        piece.Slice(index, width).CopyTo(form[(prefix?.Length ?? 0)..]);
        suffix.AsSpan().CopyTo(form[(length - (suffix?.Length ?? 0))..]);
        return form;
    }
}
