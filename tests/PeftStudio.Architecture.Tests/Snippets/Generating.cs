using PeftStudio.Inference;
using PeftStudio.Training.Runs;

namespace PeftStudio.Architecture.Snippets;

internal static class Generating
{
    internal static async Task Run(TrainedAdapter adapter)
    {
        using var model = TextModel.Open("models/smollm2", adapter.Folder);
        await foreach (var piece in model.GenerateAsync("Give me a rhyme for orange.")) Console.Write(piece.Text);
    }

    internal static async Task<(string Before, string After)> Compare(TextModel model)
    {
        var options = new GenerationOptions { MaxTokens = 100, Temperature = 0, StopStrings = ["\n\n"] };
        var before = await model.CompleteAsync("ROMEO:", options, useAdapter: false);
        var after = await model.CompleteAsync("ROMEO:", options);
        return (before, after);
    }
}
