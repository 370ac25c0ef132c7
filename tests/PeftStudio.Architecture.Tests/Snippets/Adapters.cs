namespace PeftStudio.Architecture.Snippets;

internal static class Adapters
{
    internal static FineTuneBuilder Describe(IPeftStudio studio)
    {
        var builder = studio.FineTune("samples/data/models/stories260k")
            .WithLora(lora => lora
                .Rank(16).Alpha(32).UseRsLora()
                .TargetModules("q_proj", "v_proj", "down_proj")
                .Exclude("layers.0.mlp.down_proj")
                .Layers(0, 1, 2));
        return builder;
    }
}
