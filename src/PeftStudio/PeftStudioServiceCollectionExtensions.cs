using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PeftStudio;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds PeftStudio to a host application.</summary>
public static class PeftStudioServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IPeftStudio"/>. Settings of fine-tunings are read from the host's configuration, section <c>PeftStudio</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Adds connectors and the like.</param>
    public static IServiceCollection AddPeftStudio(this IServiceCollection services, Action<IPeftStudioBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IPeftStudio>(provider => new Studio(provider.GetRequiredService<TimeProvider>(), provider.GetService<IConfiguration>()));
        configure?.Invoke(new PeftStudioBuilder(services));
        return services;
    }

    private sealed record PeftStudioBuilder(IServiceCollection Services) : IPeftStudioBuilder;
}
