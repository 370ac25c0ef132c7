namespace PeftStudio;

public static partial class ErrorCodes
{
    /// <summary>An encoding cannot be cut to the length asked for: the text to cut is too short, or the stride too large.</summary>
    public const string CannotTruncate = "PS1103";
}
