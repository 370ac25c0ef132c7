using System.Runtime.CompilerServices;
using PeftStudio.Formats.Tokenizers;
using PeftStudio.Inference.Generation;
using PeftStudio.Inference.Generation.Text;

namespace PeftStudio.Inference;

/// <summary>Generates text from text, each answer in a session of its own. Thread-safe.</summary>
/// <param name="model">The model.</param>
/// <param name="tokenizer">The model's tokenizer.</param>
public sealed class TextGenerator(DecodeModel model, Tokenizer tokenizer)
{
    /// <summary>Generates on the caller's thread, a piece at a time as the result is enumerated.</summary>
    /// <param name="prompt">Text; the tokenizer adds the tokens that begin one.</param>
    /// <param name="options">Sampling and limits; defaults unless given.</param>
    /// <param name="adapter">Name of a loaded adapter, or null for the base model.</param>
    /// <param name="cancellationToken">Honoured within one token.</param>
    /// <exception cref="PeftStudioException">As in <see cref="Generator.Generate"/>, and <see cref="ErrorCodes.UnknownAdapter"/>.</exception>
    public IEnumerable<GeneratedText> Generate(
        string prompt, GenerationOptions? options = null, string? adapter = null, CancellationToken cancellationToken = default) =>
        Enumerate(Start(prompt, options, adapter), cancellationToken);

    /// <summary>Generates off the caller's thread; see <see cref="Generate"/>.</summary>
    public IAsyncEnumerable<GeneratedText> GenerateAsync(
        string prompt, GenerationOptions? options = null, string? adapter = null, CancellationToken cancellationToken = default) =>
        EnumerateAsync(Start(prompt, options, adapter), cancellationToken);

    private TextRun Start(string prompt, GenerationOptions? options, string? adapter)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return new TextRun(model, tokenizer, tokenizer.EncodeToIds(prompt), options ?? new(), adapter);
    }

    private static IEnumerable<GeneratedText> Enumerate(TextRun run, CancellationToken cancellationToken)
    {
        using (run)
        {
            while (run.MoveNext(cancellationToken)) yield return run.Current;
        }
    }

    private static async IAsyncEnumerable<GeneratedText> EnumerateAsync(TextRun run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using (run)
        {
            Func<bool> moveNext = () => run.MoveNext(cancellationToken);
            while (await Task.Run(moveNext, cancellationToken).ConfigureAwait(false)) yield return run.Current;
        }
    }
}
