namespace PeftStudio.Formats.Blueprints;

/// <summary>One tensor that a checkpoint must have.</summary>
/// <param name="Name">Full name in a Hugging Face checkpoint.</param>
/// <param name="Shape">Shape in the file.</param>
public sealed record TensorBlueprint(string Name, IReadOnlyList<long> Shape);
