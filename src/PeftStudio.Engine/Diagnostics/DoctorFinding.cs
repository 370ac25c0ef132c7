namespace PeftStudio.Engine.Diagnostics;

/// <summary>One check and its outcome.</summary>
/// <param name="Name">What was looked at, in two or three words.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Found">What was found, with values.</param>
/// <param name="Remedy">What to do about it; empty if there is nothing to do.</param>
public sealed record DoctorFinding(string Name, DoctorStatus Status, string Found, string Remedy = "");
