using PeftStudio.Formats.Tokenizers;
using PeftStudio.Formats.Tokenizers.Json;
using PeftStudio.Formats.Tokenizers.Pipeline;

namespace PeftStudio.Golden.Tokenizers;

/// <summary>The form <c>post-processors</c>: one file with many post-processors.</summary>
internal static class PostProcessorForm
{
    internal static void Check(GoldenCase golden, Mismatches mismatches)
    {
        var parts = CaseFiles.Parts(golden);
        var tokenizers = golden.Json.GetProperty("components").EnumerateObject().ToDictionary(
            component => component.Name,
            component => new PipelineTokenizer(parts.With(PostProcessorReader.Read(component.Value)), new TokenizerConfiguration()));
        foreach (var line in CaseFiles.Lines(golden, "vectors"))
        {
            EncodeForm.CheckLine(tokenizers[line.GetProperty("component").GetString()!], line, asText: false, decode: false, mismatches);
        }
    }
}
