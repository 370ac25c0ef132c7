using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace PeftStudio.Formats.Gguf;

/// <summary>
/// Metadata of a GGUF file in its order. Typed reads name the key and the file when a value is missing or of another kind;
/// setting a key that is there keeps its place.
/// </summary>
public sealed class GgufMetadata : IEnumerable<KeyValuePair<string, GgufValue>>
{
    private readonly OrderedDictionary<string, GgufValue> _values = new(StringComparer.Ordinal);

    /// <summary>Creates metadata without any key.</summary>
    /// <param name="source">What messages call it, such as the file's path.</param>
    public GgufMetadata(string source) => Source = source;

    /// <summary>What messages call it.</summary>
    public string Source { get; }

    /// <summary>Number of keys.</summary>
    public int Count => _values.Count;

    /// <summary><c>general.architecture</c>.</summary>
    public string Architecture => Text("general.architecture") ?? throw Missing("general.architecture");

    /// <summary>Gets or sets a value.</summary>
    /// <exception cref="KeyNotFoundException">There is no such key.</exception>
    public GgufValue this[string key]
    {
        get => _values[key];
        set => _values[key] = value;
    }

    /// <summary>Whether a key is there.</summary>
    public bool Contains(string key) => _values.ContainsKey(key);

    /// <summary>Looks a value up.</summary>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out GgufValue value) => _values.TryGetValue(key, out value);

    /// <summary>Removes a key, if it is there.</summary>
    public void Remove(string key) => _values.Remove(key);

    /// <summary>A text, or null when the key is missing.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.InvalidGguf"/>: another kind of value.</exception>
    public string? Text(string key) => !_values.TryGetValue(key, out var value) ? null
        : value.TryGetText(out var text) ? text : throw Unfit(key, value, "a text");

    /// <summary>An integer of any type that fits in 32 bits, or null when the key is missing.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.InvalidGguf"/>: another kind of value.</exception>
    public int? Integer(string key) => !_values.TryGetValue(key, out var value) ? null
        : value.TryGetInteger(out var number) && number is >= int.MinValue and <= int.MaxValue ? (int)number : throw Unfit(key, value, "a 32-bit integer");

    /// <summary>An integer that must be there and be at least 1.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.InvalidGguf"/>: missing, or another value.</exception>
    public int Positive(string key)
    {
        var value = Integer(key) ?? throw Missing(key);
        return value > 0 ? value : throw Unfit(key, _values[key], "a number of at least 1");
    }

    /// <summary>A number, or null when the key is missing.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.InvalidGguf"/>: another kind of value, or not finite.</exception>
    public double? Number(string key) => !_values.TryGetValue(key, out var value) ? null
        : value.TryGetNumber(out var number) && double.IsFinite(number) ? number : throw Unfit(key, value, "a finite number");

    /// <summary>A truth value, or null when the key is missing.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.InvalidGguf"/>: another kind of value.</exception>
    public bool? Flag(string key) => !_values.TryGetValue(key, out var value) ? null
        : value.TryGetFlag(out var flag) ? flag : throw Unfit(key, value, "true or false");

    /// <summary>A list of integers or a single one, or null when the key is missing.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.InvalidGguf"/>: another kind of value.</exception>
    public long[]? Integers(string key) => !_values.TryGetValue(key, out var value) ? null
        : value.TryGetIntegers(out var numbers) ? numbers : throw Unfit(key, value, "integers");

    /// <summary>A list of numbers or a single one, or null when the key is missing.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.InvalidGguf"/>: another kind of value.</exception>
    public double[]? Numbers(string key) => !_values.TryGetValue(key, out var value) ? null
        : value.TryGetNumbers(out var numbers) ? numbers : throw Unfit(key, value, "numbers");

    /// <summary>A list of truth values or a single one, or null when the key is missing.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.InvalidGguf"/>: another kind of value.</exception>
    public bool[]? Flags(string key) => !_values.TryGetValue(key, out var value) ? null
        : value.TryGetFlags(out var flags) ? flags : throw Unfit(key, value, "truth values");

    /// <summary>A list of texts as bytes, or null when the key is missing.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.InvalidGguf"/>: another kind of value.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Texts(string key) => !_values.TryGetValue(key, out var value) ? null
        : value.TryGetTexts(out var texts) ? texts : throw Unfit(key, value, "texts");

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, GgufValue>> GetEnumerator() => _values.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal PeftStudioException Missing(string key) => GgufErrors.Invalid(Source, $"metadata without '{key}'", "this file cannot be used without it");

    internal PeftStudioException Unfit(string key, GgufValue value, string wanted) =>
        GgufErrors.Invalid(Source, $"'{key}' = {value} ({value.Type})", $"it must be {wanted}");
}
