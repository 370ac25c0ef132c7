namespace PeftStudio.Engine.Diagnostics;

/// <summary>
/// Examines the machine before work starts: can libtorch be loaded, what can the processor do, is there memory and disk. What fails becomes
/// a finding with a remedy, never an exception.
/// </summary>
public static class Doctor
{
    /// <summary>Runs every check. Loads libtorch if it is not loaded yet, which takes about half a second.</summary>
    /// <param name="options">What to look at; null for the defaults.</param>
    /// <param name="cancellationToken">Looked at before each check.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<DoctorReport> ExamineAsync(DoctorOptions? options = null, CancellationToken cancellationToken = default)
    {
        var asked = options ?? new DoctorOptions();

        // Loading and the look at disks block; the caller's thread may be one that must not.
        return Task.Run(() => Examine(asked, cancellationToken), cancellationToken);
    }

    private static DoctorReport Examine(DoctorOptions options, CancellationToken cancellationToken)
    {
        Func<IEnumerable<DoctorFinding>>[] checks =
        [
            () => NativeLibraryChecks.Run(options.Native),
            MachineChecks.Processor,
            () => MachineChecks.Memory(SystemMemory.Read(), options.LeastAvailableMemoryBytes),
            () => options.Folders.Select(folder => FolderCheck.Run(folder, options.LeastFreeDiskBytes)),
            MachineChecks.Software,
        ];
        var findings = new List<DoctorFinding>();
        foreach (var check in checks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            findings.AddRange(check());
        }

        return new DoctorReport(findings);
    }
}
