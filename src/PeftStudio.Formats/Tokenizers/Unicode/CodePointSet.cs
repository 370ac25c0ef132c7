namespace PeftStudio.Formats.Tokenizers.Unicode;

/// <summary>A set of code points as sorted ranges.</summary>
/// <param name="ranges">First and last code point of each range, ascending.</param>
internal sealed class CodePointSet(int[] ranges)
{
    internal bool Contains(int codePoint)
    {
        var low = 0;
        var high = (ranges.Length / 2) - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (codePoint < ranges[2 * middle]) high = middle - 1;
            else if (codePoint > ranges[(2 * middle) + 1]) low = middle + 1;
            else return true;
        }

        return false;
    }
}
