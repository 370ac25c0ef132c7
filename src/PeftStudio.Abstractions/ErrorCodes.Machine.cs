namespace PeftStudio;

/// <summary>Codes of the machine: native libraries and what they need (PS1601 to PS1619).</summary>
public static partial class ErrorCodes
{
    /// <summary>A native library file is truncated or malformed.</summary>
    public const string InvalidNativeLibrary = "PS1602";
}
