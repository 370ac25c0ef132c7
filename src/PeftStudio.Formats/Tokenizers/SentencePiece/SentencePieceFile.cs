namespace PeftStudio.Formats.Tokenizers.SentencePiece;

/// <summary>Kinds of pieces, numbered as in the file.</summary>
internal enum PieceType
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>How the pieces are found, numbered as in the file.</summary>
internal enum PieceAlgorithm
{
    Unigram = 1,
    Bpe = 2,
    Word = 3,
    Char = 4,
}

/// <summary>One piece.</summary>
internal readonly record struct SentencePieceEntry(string Text, float Score, PieceType Type);

/// <summary>A <c>tokenizer.model</c>: the fields of SentencePiece's <c>ModelProto</c> that encoding and decoding need.</summary>
internal sealed class SentencePieceFile
{
    internal List<SentencePieceEntry> Pieces { get; init; } = [];

    internal PieceAlgorithm Algorithm { get; set; } = PieceAlgorithm.Unigram;

    internal bool WhitespaceIsSuffix { get; set; }

    internal bool ByteFallback { get; set; }

    internal int UnknownId { get; set; }

    internal int BosId { get; set; } = 1;

    internal int EosId { get; set; } = 2;

    internal int PadId { get; set; } = -1;

    internal string UnknownSurface { get; set; } = " \u2047 ";

    internal byte[] Charsmap { get; set; } = [];

    internal bool AddDummyPrefix { get; set; } = true;

    internal bool RemoveExtraWhitespaces { get; set; } = true;

    internal bool EscapeWhitespaces { get; set; } = true;

    /// <summary>Whether a file's first bytes can be those of a model: a message whose first field is a piece.</summary>
    internal static bool LooksLikeOne(ReadOnlySpan<byte> bytes) => bytes is [0x0A, ..] && !bytes.StartsWith("\n{"u8);

    internal static SentencePieceFile Read(ReadOnlySpan<byte> bytes)
    {
        var file = new SentencePieceFile();
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    file.Pieces.Add(ReadPiece(reader.Bytes()));
                    break;
                case 2:
                    file.ReadTrainer(reader.Bytes());
                    break;
                case 3:
                    file.ReadNormalizer(reader.Bytes());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (file.Pieces.Count == 0) throw TokenizerErrors.Invalid("a SentencePiece model", "no pieces in it");
        file.UnknownId = file.Pieces.FindIndex(piece => piece.Type == PieceType.Unknown);
        return file;
    }

    private static SentencePieceEntry ReadPiece(ReadOnlySpan<byte> bytes)
    {
        var piece = new SentencePieceEntry("", 0, PieceType.Normal);
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    piece = piece with { Text = reader.Text() };
                    break;
                case 2:
                    piece = piece with { Score = reader.Single() };
                    break;
                case 3:
                    piece = piece with { Type = (PieceType)reader.Integer() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return Enum.IsDefined(piece.Type) ? piece : throw TokenizerErrors.Invalid("a piece of a known type", $"type {(int)piece.Type}");
    }

    private void ReadTrainer(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3:
                    Algorithm = (PieceAlgorithm)reader.Integer();
                    if (!Enum.IsDefined(Algorithm)) throw TokenizerErrors.Invalid("a known kind of SentencePiece model", $"kind {(int)Algorithm}");
                    break;
                case 24:
                    WhitespaceIsSuffix = reader.Flag();
                    break;
                case 35:
                    ByteFallback = reader.Flag();
                    break;
                case 41:
                    BosId = reader.Integer();
                    break;
                case 42:
                    EosId = reader.Integer();
                    break;
                case 43:
                    PadId = reader.Integer();
                    break;
                case 44:
                    UnknownSurface = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void ReadNormalizer(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    Charsmap = reader.Bytes().ToArray();
                    break;
                case 3:
                    AddDummyPrefix = reader.Flag();
                    break;
                case 4:
                    RemoveExtraWhitespaces = reader.Flag();
                    break;
                case 5:
                    EscapeWhitespaces = reader.Flag();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }
}
