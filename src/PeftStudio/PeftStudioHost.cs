using Microsoft.Extensions.DependencyInjection;

namespace PeftStudio;

/// <summary>PeftStudio without a host application.</summary>
public static class PeftStudioHost
{
    /// <summary>Creates an entry with the defaults. Dispose it when it is no longer used.</summary>
    /// <param name="configure">Adds or changes services.</param>
    public static IPeftStudio CreateDefault(Action<IPeftStudioBuilder>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddPeftStudio(configure);
        var provider = services.BuildServiceProvider();
        return new Studio(
            provider.GetRequiredService<TimeProvider>(), provider.GetService<Microsoft.Extensions.Configuration.IConfiguration>(), provider);
    }
}
