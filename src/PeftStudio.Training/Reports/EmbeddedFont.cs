using ScottPlot;
using SkiaSharp;

namespace PeftStudio.Training.Reports;

/// <summary>
/// The font of our plots, carried in this assembly (Open Sans, Apache-2.0): a server or container often has neither fonts nor fontconfig, and text in a
/// font that is not there is simply not drawn. It answers to its own name only, so a host's own plots keep their fonts.
/// </summary>
internal sealed class EmbeddedFont : IFontResolver
{
    /// <summary>The name under which plots ask for it.</summary>
    internal const string Name = "PeftStudio Open Sans";

    private const string Resource = "PeftStudio.Training.Reports.Fonts.OpenSans-Regular.ttf";

    private static readonly Lazy<bool> Registered = new(() =>
    {
        Fonts.FontResolvers.Insert(0, new EmbeddedFont());
        return true;
    });

    /// <summary>Makes the font known to ScottPlot; once is enough, more often does no harm.</summary>
    internal static void Register() => _ = Registered.Value;

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        fontName == Name ? Load() : null;

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Name ? Load() : null;

    private static SKTypeface Load()
    {
        using var stream = typeof(EmbeddedFont).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is not in the assembly.");
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data);
    }
}
