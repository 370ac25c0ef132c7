namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>Bytes, which a template only gets from <c>str.encode</c>.</summary>
internal sealed class PyBytes(byte[] values)
{
    internal byte[] Values { get; } = values;
}
