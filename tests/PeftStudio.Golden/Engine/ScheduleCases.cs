using System.Text.Json;
using PeftStudio.Training.Optimization;

namespace PeftStudio.Golden.Engine;

/// <summary>Learning-rate traces of transformers: <c>training/schedules.json</c>, one test a trace.</summary>
[TestFixture]
[Category("Golden")]
public sealed class ScheduleCases
{
    /// <summary>Names of transformers that are built.</summary>
    internal static readonly Dictionary<string, ScheduleKind> Kinds = new()
    {
        ["linear"] = ScheduleKind.Linear,
        ["cosine"] = ScheduleKind.Cosine,
        ["constant"] = ScheduleKind.Constant,
        ["constant_with_warmup"] = ScheduleKind.ConstantWithWarmup,
    };

    private static IEnumerable<TestCaseData> Traces()
    {
        var path = Path.Combine(GoldenCase.Root, "training", "schedules.json");
        if (!File.Exists(path)) yield break;
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var tolerance = document.RootElement.GetProperty("tolerance").Clone();
        var number = 0;
        foreach (var trace in document.RootElement.GetProperty("traces").EnumerateArray())
        {
            var name = $"training/schedules #{number++} {trace.GetProperty("schedule").GetString()}"
                + (trace.TryGetProperty("warmup", out var warmup) ? $" warmup {warmup} of {trace.GetProperty("total_steps")}" : " by metric") + $" {trace.GetProperty("arguments")}";
            yield return new TestCaseData(trace.Clone(), tolerance).SetArgDisplayNames(name);
        }
    }

    [TestCaseSource(nameof(Traces))]
    public void Trace_agrees(JsonElement trace, JsonElement tolerance)
    {
        var name = trace.GetProperty("schedule").GetString()!;
        if (!Kinds.TryGetValue(name, out var kind)) Assert.Ignore($"training/schedules needs the schedule '{name}', which is not built yet");
        var total = trace.GetProperty("total_steps").GetInt32();
        var warmup = trace.GetProperty("warmup").GetDouble();
        var steps = warmup is > 0 and < 1 ? LearningRateSchedule.StepsOfRatio(warmup, total) : (int)warmup;
        Assert.That(steps, Is.EqualTo(trace.GetProperty("warmup_steps").GetInt32()), "warm-up steps");
        var schedule = new LearningRateSchedule(kind, steps, total)
        {
            Cycles = trace.GetProperty("arguments").TryGetProperty("num_cycles", out var cycles) ? cycles.GetDouble() : 0.5,
        };
        var rate = trace.GetProperty("learning_rate").GetDouble();
        var expected = trace.GetProperty("trace").EnumerateArray().Select(v => v.GetDouble()).ToArray();
        var (absolute, relative) = (tolerance.GetProperty("absolute").GetDouble(), tolerance.GetProperty("relative").GetDouble());
        for (var step = 0; step < expected.Length; step++)
        {
            Assert.That(rate * schedule.Factor(step), Is.EqualTo(expected[step]).Within(absolute + (relative * Math.Abs(expected[step]))), $"step {step}");
        }
    }
}
