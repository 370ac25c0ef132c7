using PeftStudio.Formats.Adapters;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Formats.Tensors;
using PeftStudio.Formats.Tokenizers;
using PeftStudio.Inference;

namespace PeftStudio;

/// <summary>
/// A model that continues texts, with or without an adapter. It needs no native library. Thread-safe: each answer has a session of its own.
/// </summary>
public sealed class TextModel : IDisposable
{
    private const string AdapterName = "default";

    private readonly DecodeModel _model;
    private readonly TextGenerator _generator;

    private TextModel(DecodeModel model, Tokenizer tokenizer, bool hasAdapter)
    {
        _model = model;
        _generator = new TextGenerator(model, tokenizer);
        HasAdapter = hasAdapter;
    }

    /// <summary>Whether an adapter was opened with the model.</summary>
    public bool HasAdapter { get; }

    /// <summary>Opens a model, and an adapter that is applied without changing the model's weights.</summary>
    /// <param name="model">Folder of the base model.</param>
    /// <param name="adapter">Adapter folder in PEFT's layout, or null.</param>
    /// <param name="options">Element type, threads, context.</param>
    /// <exception cref="PeftStudioException">A file is missing or malformed, or the adapter does not fit the model.</exception>
    public static TextModel Open(string model, string? adapter = null, DecodeModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        using var checkpoint = Checkpoint.Open(model);
        var tokenizer = Tokenizer.Load(model);
        using var folder = adapter is null ? null : AdapterFolder.Open(adapter);
        var deltas = folder is null ? null : ReadDeltas(folder, checkpoint);
        var decoder = DecodeModel.Load(checkpoint, options);
        if (deltas is not null) decoder.LoadAdapter(AdapterName, deltas);
        return new TextModel(decoder, tokenizer, deltas is not null);
    }

    /// <summary>Continues a text, a piece at a time.</summary>
    /// <param name="prompt">The beginning.</param>
    /// <param name="options">Sampling and limits.</param>
    /// <param name="useAdapter">False asks the bare base model.</param>
    /// <param name="cancellationToken">Honoured within one token.</param>
    public IAsyncEnumerable<GeneratedText> GenerateAsync(
        string prompt, GenerationOptions? options = null, bool useAdapter = true, CancellationToken cancellationToken = default) =>
        _generator.GenerateAsync(prompt, options, useAdapter && HasAdapter ? AdapterName : null, cancellationToken);

    /// <summary>Continues a text and returns the whole continuation.</summary>
    /// <param name="prompt">The beginning.</param>
    /// <param name="options">Sampling and limits.</param>
    /// <param name="useAdapter">False asks the bare base model.</param>
    /// <param name="cancellationToken">Honoured within one token.</param>
    public async Task<string> CompleteAsync(
        string prompt, GenerationOptions? options = null, bool useAdapter = true, CancellationToken cancellationToken = default)
    {
        var text = new System.Text.StringBuilder();
        await foreach (var piece in GenerateAsync(prompt, options, useAdapter, cancellationToken).ConfigureAwait(false)) text.Append(piece.Text);
        return text.ToString();
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private static List<LinearDelta> ReadDeltas(AdapterFolder folder, Checkpoint checkpoint) =>
        [.. LoraFactors.Of(folder, checkpoint.Blueprint).Select(f => new LinearDelta(
            f.Linear.Path, folder.Weights.ReadFloats(f.DownName), folder.Weights.ReadFloats(f.UpName), f.Rank, (float)f.Scaling))];
}
