using PeftStudio.Formats.Safetensors;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Golden;

/// <summary>The arrays of a case's <c>expected.safetensors</c>.</summary>
internal sealed class ExpectedTensors : IDisposable
{
    private readonly SafetensorsFile _file;

    internal ExpectedTensors(GoldenCase golden)
        : this(golden, ".")
    {
    }

    /// <param name="golden">The case.</param>
    /// <param name="folder">Where the arrays lie, relative to the case.</param>
    internal ExpectedTensors(GoldenCase golden, string folder) => _file = SafetensorsFile.Open(Path.Combine(golden.At(folder), "expected.safetensors"));

    internal bool Has(string name) => _file.Tensors.ContainsKey(name);

    internal float[] Floats(string name) => _file.ReadFloats(name);

    internal int[] Integers(string name) => Array.ConvertAll(_file.ReadIntegers(name), i => checked((int)i));

    /// <summary>Extent of the last axis.</summary>
    internal int Columns(string name) => checked((int)_file.Tensors[name].Shape[^1]);

    public void Dispose() => _file.Dispose();
}
