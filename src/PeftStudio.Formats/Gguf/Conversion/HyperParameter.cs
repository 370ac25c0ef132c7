using System.Text.Json.Nodes;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>What reading a configuration out of a GGUF file can look at.</summary>
/// <param name="Scope">The metadata.</param>
/// <param name="File">The tensors, for what metadata does not say, such as biases and rotary divisors.</param>
internal sealed record GgufReading(GgufScope Scope, ITensorSource File)
{
    private const int MostFactors = 1 << 16;

    /// <summary>Whether the file has a tensor.</summary>
    internal bool Has(string tensor) => File.Tensors.ContainsKey(tensor);

    /// <summary>Values of a small tensor, or null when the file lacks it.</summary>
    internal float[]? Factors(string tensor) => !File.Tensors.TryGetValue(tensor, out var info) ? null
        : info.ElementCount <= MostFactors && TensorTypes.IsFloat(info.Type) ? File.ReadFloats(tensor)
        : throw GgufErrors.Invalid(Scope.Metadata.Source, $"tensor '{tensor}' {info.Type} {info.ShapeText}", "a short list of floating-point factors is expected");
}

/// <summary>One or some related hyper-parameters, both ways. The order of a family's list is the order in the file.</summary>
/// <param name="Write">Writes metadata from a configuration.</param>
/// <param name="Read">Writes configuration keys from metadata.</param>
internal sealed record HyperParameter(Action<ModelConfiguration, GgufScope> Write, Action<GgufReading, JsonObject> Read)
{
    private static readonly Action<GgufReading, JsonObject> Nothing = (_, _) => { };

    /// <summary>A count that must be there.</summary>
    internal static HyperParameter Count(string gguf, string key, Func<ModelConfiguration, int>? missing = null) => new(
        (c, s) => s.Count(gguf, missing is null ? c.Positive(key) : c.OptionalInteger(key) ?? missing(c)),
        (r, j) => j[key] = r.Scope.Positive(gguf));

    /// <summary>A count that is written only when the configuration has it.</summary>
    internal static HyperParameter OptionalCount(string gguf, string key) => new(
        (c, s) => { if (c.OptionalInteger(key) is { } value) s.Count(gguf, value); },
        (r, j) => { if (r.Scope.Integer(gguf) is { } value) j[key] = value; });

    /// <summary>A number that is written with a default when the configuration lacks it.</summary>
    internal static HyperParameter Real(string gguf, string key, double missing) => new(
        (c, s) => s.Real(gguf, c.Number(key, missing)),
        (r, j) => j[key] = r.Scope.Number(gguf) ?? missing);

    /// <summary>A number that is written only when the configuration has it and it is not zero.</summary>
    internal static HyperParameter OptionalReal(string gguf, string key) => new(
        (c, s) => { if (c.Number(key, 0) is var value and not 0) s.Real(gguf, value); },
        (r, j) => { if (r.Scope.Number(gguf) is { } value) j[key] = value; });

    /// <summary>A truth value that is written with a default when the configuration lacks it.</summary>
    internal static HyperParameter Flag(string gguf, string key, bool missing) => new(
        (c, s) => s.Flag(gguf, c.Flag(key, missing)),
        (r, j) => j[key] = r.Scope.Truth(gguf) ?? missing);

    /// <summary>A value that only goes into the file.</summary>
    internal static HyperParameter WriteOnly(Action<ModelConfiguration, GgufScope> write) => new(write, Nothing);

    /// <summary>A value that only comes out of the file.</summary>
    internal static HyperParameter ReadOnly(Action<GgufReading, JsonObject> read) => new((_, _) => { }, read);

    /// <summary>A fixed configuration value of files of this architecture.</summary>
    internal static HyperParameter Fixed(string key, JsonNode? value) => ReadOnly((_, j) => j[key] = value?.DeepClone());
}
