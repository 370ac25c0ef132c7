namespace PeftStudio;

/// <content>Codes of checkpoint files other than safetensors: GGUF and pickles, 1020 to 1059.</content>
public static partial class ErrorCodes
{
    /// <summary>A GGUF file breaks a rule of its format: truncated, lying counts or offsets, malformed metadata.</summary>
    public const string InvalidGguf = "PS1020";

    /// <summary>A GGUF file of a version, byte order or element type that is not read.</summary>
    public const string UnsupportedGguf = "PS1021";

    /// <summary>The parts of a split GGUF file do not belong together, or one is missing.</summary>
    public const string InvalidGgufSplit = "PS1022";

    /// <summary>A GGUF file's architecture, or a model's, has no known translation to the other form.</summary>
    public const string UnknownGgufArchitecture = "PS1023";

    /// <summary>A model has something that a GGUF file of its architecture cannot express.</summary>
    public const string NotExpressibleInGguf = "PS1024";

    /// <summary>A pickled checkpoint breaks a rule of its format.</summary>
    public const string InvalidPickle = "PS1025";

    /// <summary>A pickle asks for something that loading weights never needs.</summary>
    public const string ForbiddenPickle = "PS1026";

    /// <summary>An adapter has something that a GGUF adapter file cannot express, or the other way round.</summary>
    public const string AdapterNotExpressibleInGguf = "PS1027";

    /// <summary>A tokenizer cannot be copied into a GGUF file as it is.</summary>
    public const string TokenizerNotExpressibleInGguf = "PS1028";
}
