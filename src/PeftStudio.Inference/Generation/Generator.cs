using System.Runtime.CompilerServices;
using PeftStudio.Inference.Generation;

namespace PeftStudio.Inference;

/// <summary>
/// Generates token ids in a session. The prompt and all generated tokens but the last end up in the session, so that a conversation
/// goes on by giving the last token and what follows it as the next prompt.
/// </summary>
/// <param name="session">The session; in use while an answer is made.</param>
public sealed class Generator(DecodeSession session)
{
    /// <summary>Generates on the caller's thread, a token at a time as the result is enumerated.</summary>
    /// <param name="prompt">At least one token id.</param>
    /// <param name="options">Sampling and limits; defaults unless given.</param>
    /// <param name="cancellationToken">Honoured within one token.</param>
    /// <exception cref="PeftStudioException">
    /// At once, before anything is computed: <see cref="ErrorCodes.InvalidOptions"/>, <see cref="ErrorCodes.EmptyPrompt"/>,
    /// <see cref="ErrorCodes.ContextExceeded"/>. While enumerating: <see cref="ErrorCodes.LogitsNotFinite"/>, <see cref="ErrorCodes.TokenOutOfRange"/>.
    /// </exception>
    public IEnumerable<GeneratedToken> Generate(
        ReadOnlyMemory<int> prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Enumerate(Start(prompt, options), cancellationToken);

    /// <summary>Generates off the caller's thread; see <see cref="Generate"/>.</summary>
    public IAsyncEnumerable<GeneratedToken> GenerateAsync(
        ReadOnlyMemory<int> prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        EnumerateAsync(Start(prompt, options), cancellationToken);

    private GenerationRun Start(ReadOnlyMemory<int> prompt, GenerationOptions? options)
    {
        options ??= new();
        if (options.StopStrings.Count > 0) throw InferenceErrors.StopStringsNeedATokenizer();
        return new GenerationRun(session, prompt, options, session.Model.Blueprint.VocabularySize);
    }

    private static IEnumerable<GeneratedToken> Enumerate(GenerationRun run, CancellationToken cancellationToken)
    {
        while (run.MoveNext(cancellationToken)) yield return run.Current;
    }

    private static async IAsyncEnumerable<GeneratedToken> EnumerateAsync(GenerationRun run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Func<bool> moveNext = () => run.MoveNext(cancellationToken);
        while (await Task.Run(moveNext, cancellationToken).ConfigureAwait(false)) yield return run.Current;
    }
}
