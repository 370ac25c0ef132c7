using System.CommandLine;

namespace PeftStudio.QuickStart;

/// <summary>The options: one for each setting of a fine-tuning, and a few of this program.</summary>
internal static class CommandLine
{
    internal static RootCommand Create()
    {
        var resume = new Option<string?>("--resume") { Description = "go on with the run in this output folder, from its latest checkpoint", HelpName = "folder" };
        var doctor = new Option<bool>("--doctor") { Description = "examine this machine: native library, processor, memory, disk; then exit" };
        var settings = FineTuneSettings.All.Select(s => (s.Key, Option: new Option<string?>(s.OptionName) { Description = Describe(s), HelpName = "value" })).ToArray();
        var command = new RootCommand(
            "Fine-tunes a language model with LoRA and shows what changed. Without options: the bundled stories260K model on the bundled Shakespeare text, in under two minutes.");
        foreach (var (_, option) in settings) command.Options.Add(option);
        command.Options.Add(resume);
        command.Options.Add(doctor);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                if (parsed.GetValue(doctor)) return await DoctorReportCommand.RunAsync(cancellationToken);
                var given = settings.Select(s => (s.Key, Value: parsed.GetValue(s.Option))).Where(s => s.Value is not null).ToDictionary(s => s.Key, s => s.Value!);
                return await new FineTuneDemo(Console.Out).RunAsync(given, parsed.GetValue(resume), cancellationToken);
            }
            catch (PeftStudioException error)
            {
                Console.Error.WriteLine(error.Message);
                return 1;
            }
        });
        return command;
    }

    private static string Describe(SettingDescription setting)
    {
        var value = QuickStartPreset.Values.GetValueOrDefault(setting.Key) ?? setting.Default;
        return value is null ? setting.Help : $"{setting.Help} [{value}]";
    }
}
