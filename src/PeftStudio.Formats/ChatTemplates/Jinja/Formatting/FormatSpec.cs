using System.Globalization;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Formatting;

/// <summary>Python's format specification, <c>[[fill]align][sign][#][0][width][,][.precision][type]</c>, parsed.</summary>
internal sealed record FormatSpec
{
    /// <summary>Largest width and precision; longer ones only serve to fill memory.</summary>
    private const int MaxNumber = 1_000_000;

    internal string Fill { get; init; } = " ";

    /// <summary><c>&lt;</c>, <c>&gt;</c>, <c>^</c>, <c>=</c>, or the null character for the type's own alignment.</summary>
    internal char Align { get; init; }

    /// <summary><c>+</c>, <c>-</c> or a blank; the null character where none is written.</summary>
    internal char Sign { get; init; }

    internal bool Alternate { get; init; }

    /// <summary>Whether the width was written with a leading zero.</summary>
    internal bool ZeroPadded { get; init; }

    internal int Width { get; init; }

    /// <summary><c>,</c> or <c>_</c> between groups of digits; the null character for none.</summary>
    internal char Grouping { get; init; }

    internal int? Precision { get; init; }

    /// <summary>The letter at the end; the null character where none is written.</summary>
    internal char Type { get; init; }

    internal static FormatSpec Parse(string spec)
    {
        var at = 0;
        var (fill, align) = (" ", '\0');
        var first = spec.Length == 0 ? 0 : CodePoints.UnitsAt(spec, 0);
        if (spec.Length > first && IsAlign(spec[first]))
        {
            fill = spec[..first];
            align = spec[first];
            at = first + 1;
        }
        else if (spec.Length > 0 && IsAlign(spec[0]))
        {
            align = spec[at++];
        }

        var sign = Take(spec, ref at, "+- ");
        var alternate = Take(spec, ref at, "#") != 0;
        var zero = Take(spec, ref at, "0") != 0;
        var width = Number(spec, ref at) ?? 0;
        var grouping = Take(spec, ref at, ",_");
        int? precision = null;
        if (at < spec.Length && spec[at] == '.')
        {
            at++;
            precision = Number(spec, ref at) ?? throw JinjaError.Python("Format specifier missing precision");
        }

        var type = at < spec.Length ? spec[at++] : '\0';
        if (at < spec.Length) throw JinjaError.Python($"Invalid format specifier '{spec}'");
        return new FormatSpec
        {
            Fill = zero && align == 0 ? "0" : fill,
            Align = align,
            Sign = sign,
            Alternate = alternate,
            ZeroPadded = zero && align == 0,
            Width = width,
            Grouping = grouping,
            Precision = precision,
            Type = type,
        };
    }

    private static bool IsAlign(char c) => c is '<' or '>' or '^' or '=';

    private static char Take(string spec, ref int at, string set) =>
        at < spec.Length && set.Contains(spec[at], StringComparison.Ordinal) ? spec[at++] : '\0';

    private static int? Number(string spec, ref int at)
    {
        var start = at;
        while (at < spec.Length && char.IsAsciiDigit(spec[at])) at++;
        if (at == start) return null;
        return int.TryParse(spec.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MaxNumber
            ? number
            : throw JinjaError.Python("Too many decimal digits in format string");
    }
}
