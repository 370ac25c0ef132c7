using System.Buffers.Binary;
using System.Text;

namespace PeftStudio.Formats.Pickle;

/// <summary>
/// Runs the opcodes that saved weights consist of (pickle protocols 0x80 2 to 4, as in CPython's pickletools) and builds plain containers,
/// numbers, texts and tensor descriptions. Any other opcode and any unknown name ends the reading. Every opcode takes at least one byte of
/// bounded input and does a bounded amount of work, so time and memory are linear in the input.
/// </summary>
internal sealed class PickleMachine
{
    /// <summary>Most bytes of opcodes; a checkpoint of 100,000 tensors takes about 20 MB.</summary>
    internal const int MostBytes = 32 << 20;

    /// <summary>Most dictionaries, lists and sets: a byte each in the file, but many in memory.</summary>
    internal const int MostContainers = 1_000_000;

    private static readonly object Mark = new();
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly string _path;
    private readonly ReadOnlyMemory<byte> _code;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _position;
    private int _containers;

    private PickleMachine(string path, ReadOnlyMemory<byte> code)
    {
        _path = path;
        _code = code;
    }

    /// <summary>Reads one pickle.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="code">Begins with the pickle; more may follow.</param>
    /// <param name="length">Bytes that the pickle took.</param>
    internal static object? Run(string path, ReadOnlyMemory<byte> code, out int length)
    {
        var machine = new PickleMachine(path, code);
        try
        {
            var result = machine.Run();
            length = machine._position;
            return result;
        }
        catch (DecoderFallbackException e)
        {
            throw PickleErrors.Invalid(path, $"a text that is not UTF-8 before byte {machine._position}", e);
        }
    }

    private object? Run()
    {
        while (true)
        {
            var opcode = Take(1)[0];
            switch (opcode)
            {
                case 0x80: Take(1); break; // PROTO
                case 0x95: Take(8); break; // FRAME
                case (byte)'.': return Pop(); // STOP
                case (byte)'(': _stack.Add(Mark); break;
                case (byte)'N': _stack.Add(null); break;
                case 0x88: _stack.Add(true); break;
                case 0x89: _stack.Add(false); break;
                case (byte)'J': _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
                case (byte)'K': _stack.Add((long)Take(1)[0]); break;
                case (byte)'M': _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
                case 0x8a: _stack.Add(TakeLong()); break; // LONG1
                case (byte)'G': _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
                case (byte)'X': _stack.Add(TakeText(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
                case 0x8c: _stack.Add(TakeText(Take(1)[0])); break;
                case 0x8d: _stack.Add(TakeText(BinaryPrimitives.ReadUInt64LittleEndian(Take(8)))); break;
                case (byte)')': _stack.Add(Array.Empty<object?>()); break;
                case (byte)'t': _stack.Add(PopToMark()); break;
                case 0x85: _stack.Add(PopMany(1)); break;
                case 0x86: _stack.Add(PopMany(2)); break;
                case 0x87: _stack.Add(PopMany(3)); break;
                case (byte)']': _stack.Add(Counted(new List<object?>())); break;
                case (byte)'a': Append([Pop()]); break;
                case (byte)'e': Append(PopToMark()); break;
                case (byte)'}': _stack.Add(Counted(new Dictionary<object, object?>())); break;
                case (byte)'s': SetItems(PopMany(2)); break;
                case (byte)'u': SetItems(PopToMark()); break;
                case 0x8f: _stack.Add(Counted(new List<object?>())); break; // EMPTY_SET
                case 0x90: Append(PopToMark()); break; // ADDITEMS
                case 0x91: _stack.Add(PopToMark()); break; // FROZENSET
                case (byte)'h': _stack.Add(Remembered(Take(1)[0])); break;
                case (byte)'j': _stack.Add(Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
                case (byte)'q': _memo[Take(1)[0]] = Top(); break;
                case (byte)'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Top(); break;
                case 0x94: _memo[_memo.Count] = Top(); break; // MEMOIZE
                case (byte)'c': _stack.Add(Name(TakeLine(), TakeLine())); break; // GLOBAL
                case 0x93: StackGlobal(); break;
                case (byte)'R': Reduce(); break;
                case 0x81: Reduce(); break; // NEWOBJ: the same list of makers applies
                case (byte)'b': Build(); break;
                case (byte)'Q': _stack.Add(PickleMaking.Storage(_path, Require<object?[]>(Pop()))); break; // BINPERSID
                default: throw PickleErrors.Forbidden(_path, $"opcode 0x{opcode:x2} at byte {_position - 1}");
            }
        }
    }

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count > _code.Length - _position) throw PickleErrors.Invalid(_path, $"a pickle that ends at byte {_code.Length}, within an opcode at {_position}");
        var bytes = _code.Span.Slice(_position, (int)count);
        _position += (int)count;
        return bytes;
    }

    private string TakeText(ulong length)
    {
        if (length > (ulong)_code.Length) throw PickleErrors.Invalid(_path, $"a text of {length} bytes in a pickle of {_code.Length}");
        return Strict.GetString(Take((long)length));
    }

    private string TakeLine()
    {
        var length = _code.Span[_position..].IndexOf((byte)'\n');
        if (length is < 0 or > 1024) throw PickleErrors.Invalid(_path, $"a name without an end at byte {_position}");
        var line = Strict.GetString(Take(length));
        Take(1);
        return line;
    }

    /// <summary>A little-endian two's complement integer; those beyond 64 bits only occur as magic numbers.</summary>
    private object TakeLong()
    {
        var bytes = Take(Take(1)[0]);
        if (bytes.Length > 8) return new System.Numerics.BigInteger(bytes);
        var value = bytes.IsEmpty || (bytes[^1] & 0x80) == 0 ? 0L : -1L;
        for (var i = bytes.Length - 1; i >= 0; i--) value = (value << 8) | bytes[i];
        return value;
    }

    private object? Top() => _stack.Count > 0 ? _stack[^1] : throw PickleErrors.Invalid(_path, $"an empty stack at byte {_position}");

    private object? Pop()
    {
        var value = Top();
        if (ReferenceEquals(value, Mark)) throw PickleErrors.Invalid(_path, $"a mark where a value is needed at byte {_position}");
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] PopMany(int count)
    {
        var values = new object?[count];
        for (var i = count - 1; i >= 0; i--) values[i] = Pop();
        return values;
    }

    private object?[] PopToMark()
    {
        var mark = _stack.LastIndexOf(Mark);
        if (mark < 0) throw PickleErrors.Invalid(_path, $"no mark before byte {_position}");
        var values = _stack[(mark + 1)..].ToArray();
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }

    private void Append(object?[] values) => Require<List<object?>>(Top()).AddRange(values);

    private void SetItems(object?[] pairs)
    {
        if (pairs.Length % 2 != 0) throw PickleErrors.Invalid(_path, $"a key without a value at byte {_position}");
        var target = Require<Dictionary<object, object?>>(Top());
        for (var i = 0; i < pairs.Length; i += 2) target[Key(pairs[i])] = pairs[i + 1];
    }

    // Texts and numbers compare by value; anything else would by reference, which Python does not do.
    private object Key(object? key) => key is string or long or bool or double ? key : throw PickleErrors.Invalid(_path, $"a dictionary key that is neither text nor number at byte {_position}");

    private object? Remembered(long index) => _memo.TryGetValue(index, out var value) ? value : throw PickleErrors.Invalid(_path, $"nothing remembered under {index} at byte {_position}");

    private PickleGlobal Name(string module, string name)
    {
        var global = new PickleGlobal(module, name);
        return PickleGlobals.IsKnown(global.ToString()) ? global : throw PickleErrors.Forbidden(_path, $"the name '{global}' at byte {_position}");
    }

    private void StackGlobal()
    {
        var parts = PopMany(2);
        _stack.Add(Name(Require<string>(parts[0]), Require<string>(parts[1])));
    }

    private void Reduce()
    {
        var arguments = Require<object?[]>(Pop());
        _stack.Add(Counted(PickleMaking.Make(_path, Require<PickleGlobal>(Pop()), arguments)));
    }

    // State of an OrderedDict (the _metadata of a state dict) and of parameters changes no tensor.
    private void Build()
    {
        Pop();
        if (Top() is not (Dictionary<object, object?> or PickleTensor or PickleOpaque)) throw PickleErrors.Forbidden(_path, $"an object with state at byte {_position}");
    }

    private T Require<T>(object? value)
        where T : class => value as T ?? throw PickleErrors.Invalid(_path, $"an opcode at byte {_position - 1} whose operand is of the wrong kind");

    private object Counted(object container) =>
        ++_containers <= MostContainers ? container : throw PickleErrors.Invalid(_path, $"more than {MostContainers} dictionaries, lists and tensors");
}
