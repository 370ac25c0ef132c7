namespace PeftStudio;

public static partial class ErrorCodes
{
    /// <summary>A dataset file is damaged: cut off, not what its name says, or broken in a way that hides the rows behind it.</summary>
    public const string DamagedDataset = "PS1305";

    /// <summary>A dataset, or one of its rows, is larger than the limits allow.</summary>
    public const string DatasetTooLarge = "PS1306";
}
