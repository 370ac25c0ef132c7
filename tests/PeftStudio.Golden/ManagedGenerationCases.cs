using System.Text.Json;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Inference;
using PeftStudio.Inference.Generation.Sampling;

namespace PeftStudio.Golden;

/// <summary>Logits processors, draws and greedy decoding against transformers, on the cases of the group <c>generation</c>.</summary>
[TestFixture]
[Category("Golden")]
public sealed class ManagedGenerationCases
{
    [TestCaseSource(typeof(GoldenCase), nameof(GoldenCase.Of), new object[] { "generation" })]
    public void Runs_give_the_reference_s_results(GoldenCase golden)
    {
        switch (golden.Name)
        {
            case "greedy":
                Greedy(golden);
                break;
            case "sampling":
                Each(golden, Draw);
                break;
            case var name when name.StartsWith("processor-", StringComparison.Ordinal):
                Each(golden, Process);
                break;
            default:
                golden.SkipAsNotBuilt($"{golden.Name}");
                break;
        }
    }

    // Runs one after another; a case of which a run needs something else is reported as skipped after the others were compared.
    private static void Each(GoldenCase golden, Func<GoldenCase, ExpectedTensors, JsonElement, string?> check)
    {
        using var expected = new ExpectedTensors(golden);
        var missing = new List<string>();
        var done = 0;
        foreach (var run in golden.Json.GetProperty("runs").EnumerateArray())
        {
            if (check(golden, expected, run) is { } part) missing.Add(part);
            else done++;
        }

        TestContext.Out.WriteLine($"{done} runs compared");
        if (missing.Count > 0) golden.SkipAsNotBuilt($"for {missing.Count} of {missing.Count + done} runs: {string.Join(", ", missing.Distinct())}");
    }

    private static string? Process(GoldenCase golden, ExpectedTensors expected, JsonElement run)
    {
        if (!run.TryGetProperty("processor", out var kind)) return "a chain of processors";
        var prefix = run.GetProperty("tensors").GetString()!;
        var width = expected.Columns(prefix + "logits");
        var parameters = run.GetProperty("parameters");
        if (Processor(kind.GetString()!, parameters, width) is not { } processor) return $"{kind} {parameters.GetRawText()}";

        var logits = expected.Floats(prefix + "logits");
        var ids = expected.Integers(prefix + "input_ids");
        var (rows, columns) = (logits.Length / width, expected.Columns(prefix + "input_ids"));
        for (var row = 0; row < rows; row++) processor.Process(ids.AsSpan(row * columns, columns), logits.AsSpan(row * width, width));
        Compare(golden, logits, expected.Floats(prefix + "expected"), run.GetProperty("name").GetString()!);
        return null;
    }

    private static ILogitsProcessor? Processor(string kind, JsonElement parameters, int width)
    {
        var names = parameters.EnumerateObject().Select(p => p.Name).ToArray();
        if (names.Length != 1) return null;
        var value = parameters.GetProperty(names[0]);
        return (kind, names[0]) switch
        {
            ("TemperatureLogitsWarper", "temperature") => new Temperature(value.GetSingle()),
            ("TopKLogitsWarper", "top_k") => new TopK(value.GetInt32()),
            ("TopPLogitsWarper", "top_p") => new TopP(value.GetDouble(), new(width)),
            ("RepetitionPenaltyLogitsProcessor", "penalty") => new RepetitionPenalty(value.GetSingle(), width),
            _ => null,
        };
    }

    private static void Compare(GoldenCase golden, float[] ours, float[] expected, string run)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var allowed = float.IsInfinity(expected[i]) ? 0 : golden.Absolute + (golden.Relative * Math.Abs(expected[i]));
            Assert.That(ours[i], Is.EqualTo(expected[i]).Within(allowed), $"{run} at {i}");
        }
    }

    private static string? Draw(GoldenCase golden, ExpectedTensors expected, JsonElement run)
    {
        var prefix = run.GetProperty("tensors").GetString()!;
        var options = new GenerationOptions { Temperature = 1, TopK = 0, TopP = 1, RepetitionPenalty = 1 };
        foreach (var setting in run.GetProperty("settings").EnumerateObject())
        {
            switch (setting.Name)
            {
                case "temperature":
                    options = options with { Temperature = setting.Value.GetDouble() };
                    break;
                case "top_k":
                    options = options with { TopK = setting.Value.GetInt32() };
                    break;
                case "top_p":
                    options = options with { TopP = setting.Value.GetDouble() };
                    break;
                case "repetition_penalty":
                    options = options with { RepetitionPenalty = setting.Value.GetDouble() };
                    break;
                default:
                    return setting.Name;
            }
        }

        var logits = expected.Floats(prefix + "logits");
        var history = expected.Has(prefix + "input_ids") ? expected.Integers(prefix + "input_ids") : [];
        var uniform = run.GetProperty("uniform").EnumerateArray().Select(u => u.GetDouble()).ToArray();
        var tokens = run.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32()).ToArray();
        var numbers = new Queue<double>(uniform);
        var sampler = new TokenSampler(options, logits.Length, numbers.Dequeue);
        Assert.That(uniform.Select((_, i) => sampler.Next(history, logits, i)), Is.EqualTo(tokens), run.GetProperty("name").GetString());
        return null;
    }

    private static void Greedy(GoldenCase golden)
    {
        using var checkpoint = Checkpoint.Open(golden.At(golden.Text("model")!));
        using var model = DecodeModel.Load(checkpoint);
        var (compared, skipped) = (0, 0);
        foreach (var run in golden.Json.GetProperty("runs").EnumerateArray())
        {
            var settings = run.GetProperty("generation_config");
            var others = settings.EnumerateObject().Select(p => p.Name).Except(["max_new_tokens", "repetition_penalty"]);
            if (others.Any() || !settings.TryGetProperty("max_new_tokens", out var maxTokens) || !run.TryGetProperty("prompt", out var prompt))
            {
                skipped++;
                continue;
            }

            using var session = model.CreateSession();
            var tokens = new Generator(session).Generate(
                prompt.EnumerateArray().Select(t => t.GetInt32()).ToArray(),
                new()
                {
                    Temperature = 0,
                    MaxTokens = maxTokens.GetInt32(),
                    RepetitionPenalty = settings.TryGetProperty("repetition_penalty", out var penalty) ? penalty.GetDouble() : 1,
                });
            var expected = run.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32());
            Assert.That(tokens.Select(t => t.Id), Is.EqualTo(expected), run.GetProperty("name").GetString());
            compared++;
        }

        TestContext.Out.WriteLine($"{compared} runs compared");
        if (skipped > 0) golden.SkipAsNotBuilt($"other settings for {skipped} of {compared + skipped} runs");
    }
}
