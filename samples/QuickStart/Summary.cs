using PeftStudio.Training.Runs;

namespace PeftStudio.QuickStart;

/// <summary>What is shown when a run is finished: figures, the prompts before and after, where everything lies, what to try next.</summary>
internal static class Summary
{
    internal static void Write(TextWriter output, TrainedAdapter adapter, IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var f = adapter.Figures;
        output.WriteLine();
        output.WriteLine(FormattableString.Invariant(
            $" done in {f.Seconds:F1} s · held-out loss {f.HeldoutLossBefore:F3} → {f.HeldoutLossAfter:F3} · {f.TokensPerSecond:N0} tok/s · {f.PeakMemoryMb:F0} MB at most"));
        output.WriteLine();
        output.WriteLine(" before and after (the adapter reloaded from disk; most probable token each time)");
        for (var i = 0; i < before.Count; i++)
        {
            output.WriteLine($"\n  ▸ {QuickStartPreset.Prompts[i].ReplaceLineEndings("⏎")}");
            foreach (var line in SideBySide.Lines(before[i].Trim(), after[i].Trim())) output.WriteLine(line);
        }

        output.WriteLine($"""

             The model has 260 thousand parameters: it has learnt speakers and verse, not good English.

             adapter   {adapter.Folder}
                       loads in Hugging Face PEFT: PeftModel.from_pretrained(base, "{adapter.Folder}")
             card      {Path.Combine(adapter.Folder, "README.md")}
             record    {RunFolder.Record(adapter.RunFolder)}   every setting and where it came from
             plot      {RunFolder.Plot(adapter.RunFolder)}

             next      your own text:   dotnet run --project samples/QuickStart -- --dataset my.txt
                       your own model:  dotnet run --project samples/QuickStart -- --model path/to/checkpoint --learning-rate 2e-4 --max-length 512
                       in your program: docs/getting-started.md
            """);
    }
}
