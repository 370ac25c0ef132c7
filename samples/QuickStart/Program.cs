using PeftStudio.QuickStart;

// Fine-tunes a small real model on real text and shows what changed: `dotnet run --project samples/QuickStart -- --help`.
return await CommandLine.Create().Parse(args).InvokeAsync();
