namespace PeftStudio.Formats.ChatTemplates;

/// <summary>A part of a rendered text.</summary>
/// <param name="Start">Index of its first UTF-16 unit.</param>
/// <param name="End">The index behind its last.</param>
public readonly record struct ChatTextSpan(int Start, int End);
