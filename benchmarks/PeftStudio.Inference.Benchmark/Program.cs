using System.Globalization;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Inference;
using PeftStudio.Inference.Benchmark;

// dotnet run -c Release --project benchmarks/PeftStudio.Inference.Benchmark -- [shape] [float32|bfloat16] [threads] [rank of an adapter]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var shape = Shape.Known.FirstOrDefault(s => s.Name == (args.ElementAtOrDefault(0) ?? "smollm2-135m"))
    ?? throw new ArgumentException("shapes: " + string.Join(", ", Shape.Known.Select(s => s.Name)));
var types = args.ElementAtOrDefault(1) is { } named ? [Enum.Parse<ComputeType>(named, ignoreCase: true)] : Enum.GetValues<ComputeType>();
var threads = int.Parse(args.ElementAtOrDefault(2) ?? $"{Environment.ProcessorCount}", CultureInfo.InvariantCulture);
var rank = int.Parse(args.ElementAtOrDefault(3) ?? "0", CultureInfo.InvariantCulture);

var folder = Directory.CreateTempSubdirectory("peftstudio-benchmark-").FullName;
try
{
    shape.Write(folder);
    using var checkpoint = Checkpoint.Open(folder);
    foreach (var type in types) Measure(checkpoint, type);
}
finally
{
    Directory.Delete(folder, recursive: true);
}

void Measure(Checkpoint checkpoint, ComputeType type)
{
    var start = TimeProvider.System.GetTimestamp();
    using var model = DecodeModel.Load(checkpoint, new() { ComputeType = type, Threads = threads });
    Console.WriteLine($"{shape.Name} {type} {threads} threads: {model.WeightBytes / 1e6:f0} MB loaded in {Seconds(start):f2} s");
    if (rank > 0) model.LoadAdapter("random", Adapter(model));
    var adapter = rank > 0 ? "random" : null;
    var random = new Random(2);
    var prompt = Enumerable.Range(0, 512).Select(_ => random.Next(shape.Vocabulary)).ToArray();
    for (var round = 0; round < 4; round++)
    {
        using var session = model.CreateSession(adapter);
        var busy = Environment.CpuUsage.TotalTime;
        start = TimeProvider.System.GetTimestamp();
        session.Append(prompt);
        var prefill = prompt.Length / Seconds(start);
        var prefillBusy = prompt.Length / (Environment.CpuUsage.TotalTime - busy).TotalSeconds;

        using var decoding = model.CreateSession(adapter);
        var logits = decoding.Append(prompt.AsMemory(0, 8));
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        busy = Environment.CpuUsage.TotalTime;
        start = TimeProvider.System.GetTimestamp();
        const int tokens = 128;
        for (var i = 0; i < tokens; i++) logits = decoding.Append(System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits));
        var decode = tokens / Seconds(start);
        var decodeBusy = tokens / (Environment.CpuUsage.TotalTime - busy).TotalSeconds;
        allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / tokens;
        Console.WriteLine(
            $"  prefill {prefill,6:f0} tok/s ({prefillBusy:f0} a CPU second)   decode {decode,6:f1} tok/s ({decodeBusy:f1} a CPU second)"
            + $" = {decode * model.WeightBytes / 1e9:f1} GB/s of weights, {allocated} bytes allocated a token");
    }

    Console.WriteLine($"  bare reads of as many bytes: {MemoryRead.Measure(model.WeightBytes, threads):f1} GB/s");
}

IReadOnlyList<LinearDelta> Adapter(DecodeModel model)
{
    var random = new Random(3);
    return model.Blueprint.Linears.Where(l => l.Path != "lm_head")
        .Select(l => new LinearDelta(l.Path, Values(rank * l.InFeatures), Values(l.OutFeatures * rank), rank, 1f)).ToArray();

    float[] Values(int count) => Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * 0.02)).ToArray();
}

static double Seconds(long start) => TimeProvider.System.GetElapsedTime(start).TotalSeconds;
