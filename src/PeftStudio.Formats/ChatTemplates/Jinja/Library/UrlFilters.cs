using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PeftStudio.Formats.ChatTemplates.Jinja.Formatting;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Library;

/// <summary><c>urlencode</c> and <c>urlize</c>.</summary>
internal static class UrlFilters
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private static readonly Regex Address = new(
        @"^((https?://|www\.)(([\w%-]+\.)+)?([a-z]{2,63}|xn--[\w%]{2,59})|([\w%-]{2,63}\.)+(com|net|int|edu|gov|org|info|mil)" +
        @"|(https?://)((([\d]{1,3})(\.[\d]{1,3}){3})|(\[([\da-f]{0,4}:){2}([\da-f]{0,4}:?){1,6}])))(?::[\d]{1,5})?(?:[/?#]\S*)?$",
        Linear | RegexOptions.IgnoreCase);

    private static readonly Regex Mail = new(@"^\S+@\w[\w.-]*\.\w+$", Linear);
    private static readonly Regex Scheme = new(@"^([\w.+-]{2,}:(/){0,2})$", Linear);
    private static readonly string[] Openers = ["(", "<", "&lt;"];
    private static readonly string[] Closers = [")", ">", ".", ",", "\n", "&gt;"];
    private static readonly (string Open, string Close)[] Pairs = [("(", ")"), ("<", ">"), ("&lt;", "&gt;")];

    /// <summary>Percent-encodes a text, or the pairs of a dictionary or list as a query.</summary>
    internal static object? Encode(RenderContext context, object? value, Arguments arguments)
    {
        arguments.ExpectNone("urlencode");
        if (value is string or Markup || !Iterating.CanIterate(value)) return Quote(value, context.Meter, forQuery: false);
        var pairs = value is PyDict dict
            ? dict.Pairs.Select(static pair => new[] { pair.Key, pair.Value })
            : Iterating.ToArray(value, context.Meter).Select(pair => Iterating.ToArray(pair, context.Meter));
        return string.Join('&', pairs.Select(pair => pair is [var key, var item]
            ? $"{Quote(key, context.Meter, forQuery: true)}={Quote(item, context.Meter, forQuery: true)}"
            : throw JinjaError.Python("urlencode needs pairs")));
    }

    /// <summary>Makes links of addresses in a text.</summary>
    internal static object? Urlize(RenderContext context, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("urlize", 0, "trim_url_limit", "nofollow", "target", "rel", "extra_schemes");
        var schemes = Filters.Or(bound[4], null) is { } given
            ? Array.ConvertAll(Iterating.ToArray(given, context.Meter), static scheme => Filters.Text(scheme, "urlize"))
            : [];
        if (Array.Find(schemes, static scheme => !Scheme.IsMatch(scheme)) is { } wrong)
        {
            throw JinjaError.Template($"'{wrong}' is not a valid URI scheme prefix.");
        }

        var relations = new SortedSet<string>(StringComparer.Ordinal) { "noopener" };
        relations.UnionWith(Splitting.SplitSpace(Filters.Or(bound[3], null) is { } rel ? Filters.Text(rel, "urlize") : "", -1));
        if (Filters.Flag(bound[1])) relations.Add("nofollow");
        var attributes = $" rel=\"{Markup.Escape(string.Join(' ', relations))}\"";
        if (Filters.Or(bound[2], null) is { } target) attributes += $" target=\"{Markup.Escape(Filters.Text(target, "urlize"))}\"";
        var limit = Filters.Or(bound[0], null) is { } trim ? Numbers.ToInt(trim) : int.MaxValue;

        var text = HtmlText.Escape(value, context.Meter).Text;
        context.Meter.Make(text.Length * 8L);
        var made = new StringBuilder();
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            while (i < text.Length && CharacterClasses.IsSpace(text[i])) i++;
            made.Append(text, start, i - start);
            start = i;
            while (i < text.Length && !CharacterClasses.IsSpace(text[i])) i++;
            made.Append(Linked(text[start..i], attributes, limit, schemes));
            if (made.Length > context.Meter.MaxCharacters) context.Meter.Make(made.Length);
        }

        return context.AutoEscape ? new Markup(made.ToString()) : made.ToString();
    }

    private static string Linked(string word, string attributes, int limit, string[] schemes)
    {
        var (head, middle, tail) = Peeled(word);
        foreach (var (open, close) in Pairs)
        {
            // Brackets that the address itself opened are given back to it.
            for (var missing = Occurrences(middle, open) - Occurrences(middle, close); missing > 0; missing--)
            {
                var end = tail.IndexOf(close, StringComparison.Ordinal);
                if (end < 0) break;
                middle += tail[..(end + close.Length)];
                tail = tail[(end + close.Length)..];
            }
        }

        return head + Link(middle, attributes, limit, schemes) + tail;
    }

    private static string Link(string address, string attributes, int limit, string[] schemes)
    {
        if (Address.IsMatch(address))
        {
            var shown = CodePoints.Count(address) > limit ? address[..CodePoints.UnitOf(address, Math.Max(0, limit))] + "..." : address;
            var secure = address.StartsWith("https://", StringComparison.Ordinal) || address.StartsWith("http://", StringComparison.Ordinal);
            return $"<a href=\"{(secure ? "" : "https://")}{address}\"{attributes}>{shown}</a>";
        }

        if (address.StartsWith("mailto:", StringComparison.Ordinal) && Mail.IsMatch(address[7..])) return $"<a href=\"{address}\">{address[7..]}</a>";
        if (address.Contains('@', StringComparison.Ordinal) && !address.StartsWith("www.", StringComparison.Ordinal)
            && !address.StartsWith('@') && !address.Contains(':', StringComparison.Ordinal) && Mail.IsMatch(address))
        {
            return $"<a href=\"mailto:{address}\">{address}</a>";
        }

        return Array.Exists(schemes, scheme => address != scheme && address.StartsWith(scheme, StringComparison.Ordinal))
            ? $"<a href=\"{address}\"{attributes}>{address}</a>"
            : address;
    }

    /// <summary>Brackets before an address and punctuation behind it.</summary>
    private static (string Head, string Middle, string Tail) Peeled(string word)
    {
        var start = 0;
        while (Array.Find(Openers, opener => string.CompareOrdinal(word, start, opener, 0, opener.Length) == 0) is { } opener) start += opener.Length;
        var end = word.Length;
        while (end > start && Array.Find(Closers, closer => word.AsSpan(start, end - start).EndsWith(closer)) is { } closer) end -= closer.Length;
        return (word[..start], word[start..end], word[end..]);
    }

    private static int Occurrences(string text, string part) => text.AsSpan().Count(part);

    private static string Quote(object? value, Meter meter, bool forQuery)
    {
        var bytes = value as PyBytes ?? TextEncodings.Encode(PyText.Str(value, meter), meter);
        meter.Make(bytes.Values.Length * 3L);
        var quoted = new StringBuilder(bytes.Values.Length);
        foreach (var b in bytes.Values)
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'.' or (byte)'-' or (byte)'~' || (b == '/' && !forQuery)) quoted.Append((char)b);
            else if (b == ' ' && forQuery) quoted.Append('+');
            else quoted.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return quoted.ToString();
    }
}
