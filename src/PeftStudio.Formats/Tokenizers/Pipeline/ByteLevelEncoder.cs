using System.Buffers;
using System.Text;
using PeftStudio.Formats.Tokenizers.Json;
using PeftStudio.Formats.Tokenizers.Models;
using PeftStudio.Formats.Tokenizers.Patterns;
using PeftStudio.Formats.Tokenizers.PreTokenizers;
using PeftStudio.Formats.Tokenizers.PreTokenizers.Splitters;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Pipeline;

/// <summary>
/// The short way to ids for byte-level BPE behind a known splitter: words straight from the text, ids from a cache of words, and for a new word its UTF-8
/// bytes merged, without any text written in byte characters in between.
/// </summary>
internal sealed class ByteLevelEncoder
{
    private readonly WordSplitter _splitter;
    private readonly BpeModel _model;
    private readonly int[] _byteIds;
    private readonly WordCache _cache = new();

    private ByteLevelEncoder(WordSplitter splitter, BpeModel model, int[] byteIds)
    {
        _splitter = splitter;
        _model = model;
        _byteIds = byteIds;
    }

    /// <summary>The short way for a pipeline, or null if it has parts that need the long one.</summary>
    internal static ByteLevelEncoder? For(TokenizerJson parts)
    {
        if (parts.Model is not BpeModel { Settings.HasAffixes: false } model || SplitterOf(parts.PreTokenizer) is not { } splitter) return null;
        var byteIds = new int[256];
        for (var b = 0; b < 256; b++)
        {
            // A byte that is no token would be dropped or unknown.
            if (model.Vocabulary.IdOf(ByteMap.CharOf((byte)b).ToString()) is not { } id) return null;
            byteIds[b] = id;
        }

        return new ByteLevelEncoder(splitter, model, byteIds);
    }

    /// <summary>Appends the ids of a text without lone surrogates.</summary>
    internal void Encode(ReadOnlySpan<char> text, IdBuffer ids)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = _splitter.Next(text, start);
            var word = text[start..end];
            start = end;
            if (word.Length > WordCache.LongestWord) Merge(word, ids);
            else if (_cache.TryGet(word, out var hash, out var known)) ids.Add(known);
            else MergeAndKeep(word, hash, ids);
        }
    }

    private static WordSplitter? SplitterOf(PreTokenizer? preTokenizer) => preTokenizer switch
    {
        ByteLevelPreTokenizer { AddPrefixSpace: false, UseRegex: true } => KnownPatterns.Find(Gpt2Splitter.Pattern),
        SequencePreTokenizer { Parts: [DigitsPreTokenizer { Individual: true }, ByteLevelPreTokenizer { AddPrefixSpace: false, UseRegex: true }] } => new Gpt2Splitter(numbersAlone: true),
        SequencePreTokenizer { Parts: [SplitPreTokenizer { GivesMatches: true, Pattern: SplitterPattern known }, ByteLevelPreTokenizer { AddPrefixSpace: false, UseRegex: false }] } => known.Splitter,
        _ => null,
    };

    private void MergeAndKeep(ReadOnlySpan<char> word, ulong hash, IdBuffer ids)
    {
        var before = ids.Count;
        Merge(word, ids);
        _cache.Add(word, hash, ids.Ids[before..]);
    }

    private void Merge(ReadOnlySpan<char> word, IdBuffer ids)
    {
        var most = checked(word.Length * 3);
        byte[]? rentedBytes = null;
        int[]? rentedIds = null;
        var bytes = most <= 256 ? stackalloc byte[256] : rentedBytes = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            bytes = bytes[..Encoding.UTF8.GetBytes(word, bytes)];
            if (_model.Settings.IgnoreMerges && TryWhole(bytes, out var whole))
            {
                ids.Add(whole);
                return;
            }

            var symbols = bytes.Length <= 256 ? stackalloc int[256] : rentedIds = ArrayPool<int>.Shared.Rent(bytes.Length);
            symbols = symbols[..bytes.Length];
            for (var i = 0; i < bytes.Length; i++) symbols[i] = _byteIds[bytes[i]];
            ids.Add(symbols[..SymbolMerger.Merge(symbols, _model.Merges)]);
        }
        finally
        {
            if (rentedBytes is not null) ArrayPool<byte>.Shared.Return(rentedBytes);
            if (rentedIds is not null) ArrayPool<int>.Shared.Return(rentedIds);
        }
    }

    /// <summary>Whether all bytes together are one token, merges or not.</summary>
    private bool TryWhole(ReadOnlySpan<byte> bytes, out int id)
    {
        id = -1;
        if (bytes.Length > _model.Vocabulary.LongestToken) return false;
        var chars = new char[bytes.Length];
        for (var i = 0; i < bytes.Length; i++) chars[i] = ByteMap.CharOf(bytes[i]);
        return _model.Vocabulary.Lookup.TryGetValue(chars, out id);
    }
}
