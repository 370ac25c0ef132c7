namespace PeftStudio.Engine.Diagnostics;

/// <summary>How a check of <see cref="Doctor"/> ended.</summary>
public enum DoctorStatus
{
    /// <summary>As it should be, or plain information.</summary>
    Ok,

    /// <summary>Works, but slower, or not for every task.</summary>
    Warning,

    /// <summary>Nothing can be trained until this is put right.</summary>
    Failed,
}
