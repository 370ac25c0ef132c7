namespace PeftStudio.Inference.Adapters;

/// <summary>Where an adapter can attach.</summary>
/// <param name="Path">Module path.</param>
/// <param name="InFeatures">Extent of the input.</param>
/// <param name="OutFeatures">Extent of the output.</param>
internal readonly record struct LinearShape(string Path, int InFeatures, int OutFeatures);
