using PeftStudio.Formats.Tokenizers;
using PeftStudio.Training.Data;

namespace PeftStudio.Architecture.Snippets;

internal static class Batching
{
    internal static async Task Run(Tokenizer tokenizer)
    {
        var file = await DatasetFile.OpenAsync("rhymes.jsonl");
        var data = await TokenizedDataset.CreateAsync(file, tokenizer, new TokenizationOptions { EosToken = "</s>", MaxPositions = 512 });
        var sampler = new BatchSampler(data.Training.Count, batchSize: 4, accumulation: 8, seed: 42);
        foreach (var step in sampler.Steps(epoch: 0))
        foreach (var rows in step)
        {
            var batch = Batch.Collate([.. rows.Select(r => data.Training[r])], padId: 0);
        }
    }
}
