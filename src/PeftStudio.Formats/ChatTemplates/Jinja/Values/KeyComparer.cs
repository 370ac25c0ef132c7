using System.Numerics;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>Equality and hash of dictionary keys by Python's rules: 1, 1.0 and true are one key, a marked text equals a plain one.</summary>
internal sealed class KeyComparer(Meter meter) : IEqualityComparer<object>
{
    public new bool Equals(object? x, object? y) =>
        x is string a && y is string b ? string.Equals(a, b, StringComparison.Ordinal) : Comparing.Same(x, y, meter);

    public int GetHashCode(object obj) => obj is string text ? text.GetHashCode(StringComparison.Ordinal) : HashOf(obj);

    /// <summary>Whether Python could use the value as a key; lists and dictionaries cannot be keys.</summary>
    internal bool CanHash(object? value)
    {
        if (value is PyList or PyDict or DictView or Namespace) return false;
        if (value is not PyTuple tuple) return true;
        meter.Enter();
        meter.Steps(tuple.Items.Length);
        var all = Array.TrueForAll(tuple.Items, CanHash);
        meter.Leave();
        return all;
    }

    private int HashOf(object? value)
    {
        switch (value)
        {
            case string text: return text.GetHashCode(StringComparison.Ordinal);
            case Markup markup: return markup.Text.GetHashCode(StringComparison.Ordinal);
            case bool flag: return (flag ? 1L : 0L).GetHashCode();
            case long number: return number.GetHashCode();
            case BigInteger big: return big.GetHashCode();
            case double real: return HashOf(real);
            case Undefined: return 1;
            case PyBytes bytes: return bytes.Values.Length;
            case PyTuple tuple:
                meter.Enter();
                meter.Steps(tuple.Items.Length);
                var hash = default(HashCode);
                foreach (var item in tuple.Items) hash.Add(HashOf(item));
                meter.Leave();
                return hash.ToHashCode();
            default: return value?.GetHashCode() ?? 0;
        }
    }

    private static int HashOf(double real)
    {
        if (!double.IsInteger(real)) return real.GetHashCode();
        var whole = new BigInteger(real);
        return whole >= long.MinValue && whole <= long.MaxValue ? ((long)whole).GetHashCode() : whole.GetHashCode();
    }
}
