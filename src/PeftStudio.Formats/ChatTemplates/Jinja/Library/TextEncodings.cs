using System.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Library;

/// <summary>The encoding that <c>encode</c> and <c>decode</c> accept: UTF-8.</summary>
internal static class TextEncodings
{
    internal static void Require(object? name)
    {
        if (Missing.Is(name)) return;
        var known = Markup.TextOf(name)?.ToUpperInvariant().Replace('_', '-');
        if (known is not ("UTF-8" or "UTF8" or "U8")) throw JinjaError.Python($"unknown encoding: {Markup.TextOf(name) ?? PyTypes.NameOf(name)}");
    }

    internal static PyBytes Encode(string text, Meter meter)
    {
        meter.Make(text.Length);
        try
        {
            return new PyBytes(new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text));
        }
        catch (EncoderFallbackException)
        {
            throw JinjaError.Python("'utf-8' codec can't encode a surrogate");
        }
    }
}
