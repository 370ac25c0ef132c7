using System.Globalization;
using PeftStudio.TestSupport;

namespace PeftStudio.Formats.Tests.Tokenizers;

/// <summary>The 47 awkward inputs, and the ids that reference implementations give for them.</summary>
internal static class Vectors
{
    internal static IEnumerable<(string Input, int[] Ids)> Read(string name)
    {
        var inputs = File.ReadAllText(TestData.At("tokenizers", "vectors", "inputs.txt")).Split("\n__ggml_vocab_test__\n");
        var lines = File.ReadAllText(TestData.At("tokenizers", "vectors", name + ".ids.txt")).Split('\n');
        return inputs.Select((input, i) => (input, Parse(lines[i])));
    }

    private static int[] Parse(string line) =>
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
}
