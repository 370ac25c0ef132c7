using System.Globalization;

namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>Keys of one architecture: <c>llama.block_count</c> and the like.</summary>
/// <param name="Metadata">The file's metadata.</param>
/// <param name="Architecture">Prefix of its keys.</param>
internal sealed record GgufScope(GgufMetadata Metadata, string Architecture)
{
    /// <summary>Full name of a key.</summary>
    internal string Key(string name) => $"{Architecture}.{name}";

    internal void Count(string name, int value) => Metadata[Key(name)] = GgufValue.Of((uint)value);

    internal void Real(string name, double value) => Metadata[Key(name)] = GgufValue.Of((float)value);

    internal void Flag(string name, bool value) => Metadata[Key(name)] = GgufValue.Of(value);

    internal void Text(string name, string value) => Metadata[Key(name)] = GgufValue.Of(value);

    internal void Flags(string name, IEnumerable<bool> values) => Metadata[Key(name)] = GgufValue.Of(values);

    internal int? Integer(string name) => Metadata.Integer(Key(name));

    internal int Positive(string name) => Metadata.Positive(Key(name));

    /// <summary>A number as people write it: float32 values are read by their shortest decimal form, so 1e-05 is not 9.99999974e-06.</summary>
    internal double? Number(string name) => Shortest(Metadata.Number(Key(name)));

    internal bool? Truth(string name) => Metadata.Flag(Key(name));

    internal static double? Shortest(double? value) => value is { } number && (float)number == number
        ? double.Parse(((float)number).ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : value;
}
