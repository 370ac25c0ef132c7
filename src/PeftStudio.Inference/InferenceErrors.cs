namespace PeftStudio.Inference;

/// <summary>What this package refuses, in words.</summary>
internal static class InferenceErrors
{
    internal static PeftStudioException ContextExceeded(int present, int added, int output, int limit) => new(
        ErrorCodes.ContextExceeded, "prompt and answer exceed the context",
        $"{present} tokens in the session + {added} prompt + {output} answer = {(long)present + added + output} tokens",
        $"room for {limit}; nothing was computed",
        "shorten the prompt, lower MaxTokens, or start a new session");

    internal static PeftStudioException OptionOutOfRange(string name, object? value, string range) => new(
        ErrorCodes.InvalidOptions, "option is outside its range", $"{name} = {value}", $"accepted: {range}; nothing was done", "set a value inside the range");

    internal static PeftStudioException InvalidGenerationOptions(IReadOnlyList<string> faults) => new(
        ErrorCodes.InvalidOptions, "generation options are outside their ranges", string.Join("; ", faults),
        "nothing was computed", "set values inside the ranges");

    internal static PeftStudioException StopStringsNeedATokenizer() => new(
        ErrorCodes.InvalidOptions, "stop strings need a tokenizer", "StopStrings in a generator of token ids", "nothing was computed",
        "use TextGenerator, or stop on ids by EosTokenIds");

    internal static PeftStudioException EmptyPrompt() => new(
        ErrorCodes.EmptyPrompt, "nothing to continue", "generation from an empty prompt", "no token",
        "give at least one token, such as the one that begins a text");

    internal static PeftStudioException TokenOutOfRange(int id, int index, int vocabulary) => new(
        ErrorCodes.TokenOutOfRange, "token id lies outside the vocabulary", $"id {id} at index {index}", $"ids 0 to {vocabulary - 1}; nothing was computed",
        "encode the text with the tokenizer of this model");

    internal static PeftStudioException LogitsNotFinite(int step) => new(
        ErrorCodes.LogitsNotFinite, "model gives scores that are no numbers", $"token {step} of the answer", "NaN among the scores, or no finite score at all",
        "check the weights and the adapter; a model trained in bfloat16 can overflow in other types");

    internal static PeftStudioException UnknownAdapter(string name, IEnumerable<string> loaded) => new(
        ErrorCodes.UnknownAdapter, "no adapter of that name is loaded", $"'{name}'",
        loaded.Any() ? "loaded are " + string.Join(", ", loaded.Order(StringComparer.Ordinal).Select(n => $"'{n}'")) : "no adapter is loaded",
        "load the adapter first, or use one of the names above");

    internal static PeftStudioException AdapterExists(string name) => new(
        ErrorCodes.AdapterExists, "an adapter of that name is loaded already", $"'{name}'", "it stays as it is",
        "unload it first, or choose another name");

    internal static PeftStudioException DeltaWithoutLinear(string path) => new(
        ErrorCodes.AdapterDoesNotFit, "adapter names a module that is no linear of this model", $"'{path}'", "nothing was loaded",
        "use the base model that the adapter was trained on");

    internal static PeftStudioException DeltaOfOtherShape(LinearDelta delta, int inFeatures, int outFeatures) => new(
        ErrorCodes.AdapterDoesNotFit, "adapter does not fit the model",
        $"'{delta.Path}' with A of {delta.A.Length} and B of {delta.B.Length} values, rank {delta.Rank}",
        $"the linear needs A [{delta.Rank}, {inFeatures}] and B [{outFeatures}, {delta.Rank}]; nothing was loaded",
        "use the base model that the adapter was trained on");

    internal static PeftStudioException DeltaTwice(string path) => new(
        ErrorCodes.AdapterDoesNotFit, "adapter updates a module twice", $"'{path}'", "two updates of it; nothing was loaded",
        "combine them into one update, or load them as two adapters");

    internal static PeftStudioException UnknownFeature(string part, object value) => new(
        ErrorCodes.BlueprintFeatureNotSupported, "blueprint uses a part that the managed interpreter does not have", $"{part} {value}", "nothing was computed",
        "use the training engine for this model, or a newer release");
}
