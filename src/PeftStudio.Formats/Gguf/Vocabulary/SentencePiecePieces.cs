using System.Buffers.Binary;
using System.Text;

namespace PeftStudio.Formats.Gguf.Vocabulary;

/// <summary>
/// Pieces of a SentencePiece model (<c>tokenizer.model</c>), read from its protocol buffer: field 1 of the model is a piece, with text (1),
/// score (2) and type (3). Format: sentencepiece_model.proto.
/// </summary>
internal static class SentencePiecePieces
{
    private const int MostPieces = 4_000_000;

    /// <summary>Text, score and type (1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte) of each piece.</summary>
    /// <exception cref="FormatException">The bytes are no such message.</exception>
    internal static List<(string Text, float Score, int Type)> Read(ReadOnlySpan<byte> model)
    {
        var pieces = new List<(string Text, float Score, int Type)>();
        while (!model.IsEmpty)
        {
            var (field, wire) = Key(ref model);
            var content = Field(ref model, wire);
            if (field != 1) continue;
            if (wire != 2 || pieces.Count == MostPieces) throw new FormatException($"field 1 is no piece, or there are more than {MostPieces}");
            pieces.Add(Piece(content));
        }

        return pieces;
    }

    private static (string Text, float Score, int Type) Piece(ReadOnlySpan<byte> piece)
    {
        var (text, score, type) = (string.Empty, 0f, 1);
        while (!piece.IsEmpty)
        {
            var (field, wire) = Key(ref piece);
            var content = Field(ref piece, wire);
            switch (field, wire)
            {
                case (1, 2): text = Encoding.UTF8.GetString(content); break;
                case (2, 5): score = BinaryPrimitives.ReadSingleLittleEndian(content); break;
                case (3, 0): type = (int)Varint(ref content); break;
            }
        }

        return (text, score, type);
    }

    private static (int Field, int Wire) Key(ref ReadOnlySpan<byte> bytes)
    {
        var key = Varint(ref bytes);
        return ((int)(key >> 3), (int)(key & 7));
    }

    private static ReadOnlySpan<byte> Field(ref ReadOnlySpan<byte> bytes, int wire)
    {
        var start = bytes;
        var length = wire switch
        {
            0 => start.Length - Skipped(start),
            1 => 8,
            2 => (int)Math.Min(Varint(ref bytes), int.MaxValue),
            5 => 4,
            _ => throw new FormatException($"wire type {wire}"),
        };
        if (length > bytes.Length) throw new FormatException("the message ends within a field");
        var content = bytes[..length];
        bytes = bytes[length..];
        return content;

        static int Skipped(ReadOnlySpan<byte> rest)
        {
            Varint(ref rest);
            return rest.Length;
        }
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var i = 0; i < 10; i++)
        {
            if (i >= bytes.Length) throw new FormatException("the message ends within a number");
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] >= 0x80) continue;
            bytes = bytes[(i + 1)..];
            return value;
        }

        throw new FormatException("a number of more than ten bytes");
    }
}
