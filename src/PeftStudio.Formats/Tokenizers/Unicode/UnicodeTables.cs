using System.IO.Compression;
using System.Text;

namespace PeftStudio.Formats.Tokenizers.Unicode;

/// <summary>
/// The Unicode tables that the reference implementation froze at old versions, read once from <c>unicode.bin</c>
/// (made from the Unicode Character Database by <c>eng/unicode/make_unicode_tables.py</c>, which describes the layout).
/// </summary>
internal sealed class UnicodeTables
{
    private static readonly Lazy<UnicodeTables> Loaded = new(Load);

    private UnicodeTables(BinaryReader reader)
    {
        Punctuation8 = new CodePointSet(ReadRanges(reader));
        Marks9 = new CodePointSet(ReadRanges(reader));
        NonSpacingMarks8 = new CodePointSet(ReadRanges(reader));
        ControlsAndPrivate8 = new CodePointSet(ReadRanges(reader));
        Scripts9 = new ScriptTable(reader);
        Scripts = new ScriptTable(reader);
        ReadDecompositions(reader);
        for (var count = reader.ReadInt32(); count > 0; count--) CombiningClasses[reader.ReadInt32()] = reader.ReadInt32();
        for (var count = reader.ReadInt32(); count > 0; count--) Composites[(reader.ReadInt32(), reader.ReadInt32())] = reader.ReadInt32();
    }

    internal static UnicodeTables Instance => Loaded.Value;

    /// <summary>ASCII punctuation and symbols, and category P of Unicode 8.</summary>
    internal CodePointSet Punctuation8 { get; }

    /// <summary>Category M of Unicode 9.</summary>
    internal CodePointSet Marks9 { get; }

    /// <summary>Category Mn of Unicode 8.</summary>
    internal CodePointSet NonSpacingMarks8 { get; }

    /// <summary>Categories Cc, Cf and Co of Unicode 8.</summary>
    internal CodePointSet ControlsAndPrivate8 { get; }

    /// <summary>Scripts of Unicode 9.</summary>
    internal ScriptTable Scripts9 { get; }

    /// <summary>Scripts of the newest version there is here.</summary>
    internal ScriptTable Scripts { get; }

    /// <summary>Canonical decompositions, one step each, of Unicode 11.</summary>
    internal Dictionary<int, int[]> Canonical { get; } = [];

    /// <summary>Compatibility decompositions, one step each, of Unicode 11.</summary>
    internal Dictionary<int, int[]> Compatibility { get; } = [];

    /// <summary>Canonical combining classes other than 0.</summary>
    internal Dictionary<int, int> CombiningClasses { get; } = [];

    /// <summary>What two characters compose to.</summary>
    internal Dictionary<(int First, int Second), int> Composites { get; } = [];

    private static UnicodeTables Load()
    {
        using var resource = typeof(UnicodeTables).Assembly.GetManifestResourceStream("PeftStudio.Formats.Tokenizers.unicode.bin")!;
        using var inflated = new DeflateStream(resource, CompressionMode.Decompress);
        using var reader = new BinaryReader(inflated, Encoding.ASCII);
        return new UnicodeTables(reader);
    }

    private static int[] ReadRanges(BinaryReader reader)
    {
        var values = new int[reader.ReadInt32() * 2];
        for (var i = 0; i < values.Length; i++) values[i] = reader.ReadInt32();
        return values;
    }

    private void ReadDecompositions(BinaryReader reader)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var codePoint = reader.ReadInt32();
            var target = reader.ReadInt32() == 0 ? Canonical : Compatibility;
            var parts = new int[reader.ReadInt32()];
            for (var i = 0; i < parts.Length; i++) parts[i] = reader.ReadInt32();
            target[codePoint] = parts;
        }
    }
}
