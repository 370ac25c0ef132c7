namespace PeftStudio.Formats.Tokenizers.Unicode;

/// <summary>The script of each code point.</summary>
internal sealed class ScriptTable
{
    private readonly string[] _names;
    private readonly (int Start, int End, int Script)[] _ranges;

    internal ScriptTable(BinaryReader reader)
    {
        _names = new string[reader.ReadInt32()];
        for (var i = 0; i < _names.Length; i++) _names[i] = new string(reader.ReadChars(reader.ReadByte()));
        _ranges = new (int, int, int)[reader.ReadInt32()];
        for (var i = 0; i < _ranges.Length; i++) _ranges[i] = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
    }

    /// <summary>Index of a script's name as the database writes it, or −1.</summary>
    internal int IndexOf(string name) => Array.FindIndex(_names, n => n.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Index of a code point's script, or −1 where none is assigned.</summary>
    internal int Of(int codePoint)
    {
        var low = 0;
        var high = _ranges.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (codePoint < _ranges[middle].Start) high = middle - 1;
            else if (codePoint > _ranges[middle].End) low = middle + 1;
            else return _ranges[middle].Script;
        }

        return -1;
    }
}
