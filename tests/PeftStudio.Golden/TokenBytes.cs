using System.Text;
using System.Text.Json;
using PeftStudio.Formats.Tokenizers;

namespace PeftStudio.Golden;

/// <summary>
/// Tokens of a byte-level vocabulary as the bytes they stand for. From ids of the reference it rebuilds text and offsets, so that masks can
/// be checked without encoding anything.
/// </summary>
internal sealed class TokenBytes
{
    private readonly Dictionary<int, byte[]> bytes = [];
    private readonly HashSet<int> added = [];

    internal TokenBytes(string tokenizerJson)
    {
        var json = JsonDocument.Parse(File.ReadAllBytes(tokenizerJson)).RootElement;
        var map = ByteOfCharacter();
        foreach (var token in json.GetProperty("model").GetProperty("vocab").EnumerateObject())
        {
            bytes[token.Value.GetInt32()] = [.. token.Name.Select(c => map.GetValueOrDefault(c, (byte)'?'))];
        }

        foreach (var token in json.GetProperty("added_tokens").EnumerateArray())
        {
            var id = token.GetProperty("id").GetInt32();
            bytes[id] = Encoding.UTF8.GetBytes(token.GetProperty("content").GetString()!);
            added.Add(id);
            ControlTokens.Add(new Formats.ChatTemplates.ChatControlToken(token.GetProperty("content").GetString()!, token.GetProperty("special").GetBoolean()));
        }
    }

    /// <summary>All added tokens.</summary>
    internal List<Formats.ChatTemplates.ChatControlToken> ControlTokens { get; } = [];

    internal bool IsAdded(int id) => added.Contains(id);

    internal string Text(IEnumerable<int> ids) => Encoding.UTF8.GetString([.. ids.SelectMany(id => bytes[id])]);

    /// <summary>The part of the decoded text that each id stands for, in UTF-16 units; ids that are masked out stand for nothing.</summary>
    internal TokenOffset[] Offsets(int[] ids, int[]? attention = null)
    {
        var text = Text(ids.Where((_, i) => attention is null || attention[i] == 1));
        var unitOfByte = new List<int>();
        for (var unit = 0; unit < text.Length; unit += char.IsHighSurrogate(text[unit]) ? 2 : 1)
        {
            var rune = Rune.GetRuneAt(text, unit);
            for (var i = 0; i < rune.Utf8SequenceLength; i++) unitOfByte.Add(unit);
        }

        unitOfByte.Add(text.Length);
        var offsets = new TokenOffset[ids.Length];
        var at = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            if (attention is not null && attention[i] == 0) continue;
            var end = at + bytes[ids[i]].Length;
            var last = unitOfByte[end - 1];
            offsets[i] = new TokenOffset(unitOfByte[at], last + (char.IsHighSurrogate(text[last]) ? 2 : 1));
            at = end;
        }

        return offsets;
    }

    /// <summary>The printable characters that stand for bytes in a byte-level vocabulary.</summary>
    private static Dictionary<char, byte> ByteOfCharacter()
    {
        var map = new Dictionary<char, byte>();
        var next = 256;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            map[printable ? (char)value : (char)next++] = (byte)value;
        }

        return map;
    }
}
