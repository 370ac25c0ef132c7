namespace PeftStudio.Formats.Tokenizers;

/// <summary>The part of a text that a token stands for.</summary>
/// <param name="Start">Index of its first UTF-16 unit.</param>
/// <param name="End">The index behind its last.</param>
public readonly record struct TokenOffset(int Start, int End);
