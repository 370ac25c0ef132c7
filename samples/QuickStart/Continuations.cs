using PeftStudio.Inference;

namespace PeftStudio.QuickStart;

/// <summary>What a model makes of the demo's prompts, always its most probable token, so that two runs can be compared.</summary>
internal static class Continuations
{
    private static readonly GenerationOptions Greedy = new() { MaxTokens = 60, Temperature = 0, RepetitionPenalty = 1 };

    internal static async Task<IReadOnlyList<string>> OfAsync(string model, string? adapter, CancellationToken cancellationToken)
    {
        using var text = TextModel.Open(model, adapter);
        var answers = new List<string>();
        foreach (var prompt in QuickStartPreset.Prompts) answers.Add(await text.CompleteAsync(prompt, Greedy, cancellationToken: cancellationToken));
        return answers;
    }
}
