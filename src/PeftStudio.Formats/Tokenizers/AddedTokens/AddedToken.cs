namespace PeftStudio.Formats.Tokenizers.AddedTokens;

/// <summary>A token outside the model: cut out of the text before anything else happens to it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="SingleWord">Matches only where it is not part of a longer word.</param>
/// <param name="StripLeft">Swallows white space to its left.</param>
/// <param name="StripRight">Swallows white space to its right.</param>
/// <param name="Normalized">Is looked for in the normalised text, in its normalised form.</param>
/// <param name="Special">Is left out when special tokens are skipped, and can be switched off while encoding.</param>
internal sealed record AddedToken(int Id, string Content, bool SingleWord, bool StripLeft, bool StripRight, bool Normalized, bool Special);
