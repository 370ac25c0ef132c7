using Microsoft.Extensions.DependencyInjection;

namespace PeftStudio;

/// <summary>What packages extend PeftStudio through: their <c>Add…</c> methods are extensions of it.</summary>
public interface IPeftStudioBuilder
{
    /// <summary>The host's services.</summary>
    IServiceCollection Services { get; }
}
