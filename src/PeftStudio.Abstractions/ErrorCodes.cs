namespace PeftStudio;

/// <summary>
/// Stable codes of <see cref="PeftStudioException"/>. A number is never reused; each has a page <c>docs/errors/PSnnnn.md</c>.
/// Ranges: 10 checkpoints, 11 text, 12 adapters, 13 data, 14 training, 15 generation, 16 machine, 17 files, 18 options.
/// </summary>
public static partial class ErrorCodes
{
    /// <summary>A file or folder that the caller named does not exist.</summary>
    public const string FileNotFound = "PS1001";

    /// <summary>A safetensors file breaks a rule of its format: truncated, overlapping, oversized or malformed header.</summary>
    public const string InvalidSafetensors = "PS1002";

    /// <summary>A checkpoint's configuration is missing a value, or holds one that makes no sense.</summary>
    public const string InvalidModelConfiguration = "PS1003";

    /// <summary>The checkpoint's architecture has no blueprint.</summary>
    public const string UnknownArchitecture = "PS1004";

    /// <summary>Tensors that the blueprint names are not in the checkpoint.</summary>
    public const string MissingTensors = "PS1005";

    /// <summary>A tensor has another shape than the blueprint says.</summary>
    public const string TensorShapeMismatch = "PS1006";

    /// <summary>A tensor's element type cannot be read here.</summary>
    public const string UnsupportedTensorType = "PS1007";

    /// <summary>The checkpoint is in a form that is refused, such as the pickle form before torch 1.6.</summary>
    public const string UnsupportedCheckpointForm = "PS1008";

    /// <summary>A shard index is malformed, names a missing file, or points outside its folder.</summary>
    public const string InvalidShardIndex = "PS1009";

    /// <summary>A tokenizer file is malformed or uses a component that is unknown.</summary>
    public const string InvalidTokenizer = "PS1101";

    /// <summary>A token id lies outside the vocabulary.</summary>
    public const string TokenOutOfRange = "PS1102";

    /// <summary>An adapter's configuration is missing, malformed or contradictory.</summary>
    public const string InvalidAdapterConfiguration = "PS1201";

    /// <summary>The adapter's method is not supported.</summary>
    public const string UnsupportedAdapterMethod = "PS1202";

    /// <summary>Target modules matched nothing in the model.</summary>
    public const string TargetModulesMatchedNothing = "PS1203";

    /// <summary>The adapter's tensors do not fit the model.</summary>
    public const string AdapterDoesNotFit = "PS1204";

    /// <summary>A dataset has rows that cannot be used; the message names file and line.</summary>
    public const string InvalidDatasetRow = "PS1301";

    /// <summary>A dataset has no usable row.</summary>
    public const string EmptyDataset = "PS1302";

    /// <summary>The dataset's form is not supported.</summary>
    public const string UnsupportedDataset = "PS1303";

    /// <summary>Rows are longer than the model's context.</summary>
    public const string SequenceTooLong = "PS1304";

    /// <summary>The loss is no longer a finite number.</summary>
    public const string LossNotFinite = "PS1401";

    /// <summary>A run's state forbids the command.</summary>
    public const string InvalidRunState = "PS1402";

    /// <summary>There is no checkpoint to resume from, or it belongs to another configuration.</summary>
    public const string CannotResume = "PS1403";

    /// <summary>Prompt and answer together exceed the model's context.</summary>
    public const string ContextExceeded = "PS1501";

    /// <summary>The native library cannot be loaded.</summary>
    public const string NativeLibraryUnavailable = "PS1601";

    /// <summary>The disk is full.</summary>
    public const string DiskFull = "PS1701";

    /// <summary>An output file or folder cannot be written.</summary>
    public const string OutputNotWritable = "PS1702";

    /// <summary>An output folder already holds something that would be overwritten.</summary>
    public const string OutputExists = "PS1703";

    /// <summary>One or more options are outside their range or contradict each other.</summary>
    public const string InvalidOptions = "PS1801";
}
