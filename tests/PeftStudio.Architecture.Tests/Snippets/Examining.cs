using PeftStudio.Engine.Diagnostics;

namespace PeftStudio.Architecture.Snippets;

internal static class Examining
{
    internal static async Task Run()
    {
        Console.WriteLine(await Doctor.ExamineAsync());
    }
}
