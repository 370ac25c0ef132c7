namespace PeftStudio.Training.Data;

/// <summary>Which end of a row that is too long is kept.</summary>
public enum TruncationMode
{
    /// <summary>The first tokens are kept. The default, as in TRL.</summary>
    KeepStart,

    /// <summary>The last tokens are kept.</summary>
    KeepEnd,
}
