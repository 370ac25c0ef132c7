using System.Globalization;
using System.Text.RegularExpressions;

namespace PeftStudio.Formats.Gguf;

/// <summary>File names of split GGUF files: <c>name-00001-of-00005.gguf</c>, counted from 1.</summary>
internal static partial class GgufSplitName
{
    /// <summary>Most parts that five digits can count.</summary>
    internal const int MostParts = 99_999;

    /// <summary>Path of a part, from the path of the first one.</summary>
    /// <param name="first">Path of the first part.</param>
    /// <param name="part">The part, from 0.</param>
    /// <param name="count">Number of parts.</param>
    internal static string Of(string first, int part, int count)
    {
        var match = Pattern().Match(first);
        if (count > MostParts || !match.Success || match.Groups["count"].Value != Digits(count) || match.Groups["no"].Value != Digits(1))
        {
            throw GgufErrors.Split(first, $"the file says it is the first of {count} parts, its name does not", $"name it as the export did: name-00001-of-{Digits(count)}.gguf");
        }

        return $"{match.Groups["stem"].Value}-{Digits(part + 1)}-of-{Digits(count)}.gguf";
    }

    /// <summary>Name of the first part beside any other, for messages.</summary>
    internal static string FirstOf(string path)
    {
        var match = Pattern().Match(path);
        return Path.GetFileName(match.Success ? $"{match.Groups["stem"].Value}-00001-of-{match.Groups["count"].Value}.gguf" : path);
    }

    private static string Digits(int number) => number.ToString("D5", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<stem>.*)-(?<no>\d{5})-of-(?<count>\d{5})\.gguf$", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
