using PeftStudio.Engine.Diagnostics;

namespace PeftStudio.QuickStart;

/// <summary><c>--doctor</c>: what this machine offers, what is wrong with it and what to do.</summary>
internal static class DoctorReportCommand
{
    internal static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var report = await Doctor.ExamineAsync(cancellationToken: cancellationToken);
        Console.Out.WriteLine(report);
        return report.Healthy ? 0 : 1;
    }
}
