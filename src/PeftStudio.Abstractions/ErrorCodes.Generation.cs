namespace PeftStudio;

public static partial class ErrorCodes
{
    /// <summary>There is no token to continue from.</summary>
    public const string EmptyPrompt = "PS1502";

    /// <summary>The model's scores are no numbers.</summary>
    public const string LogitsNotFinite = "PS1503";

    /// <summary>An adapter is named that is not loaded.</summary>
    public const string UnknownAdapter = "PS1504";

    /// <summary>An adapter of that name is loaded already.</summary>
    public const string AdapterExists = "PS1505";

    /// <summary>The blueprint uses a part that the managed interpreter does not have.</summary>
    public const string BlueprintFeatureNotSupported = "PS1506";
}
