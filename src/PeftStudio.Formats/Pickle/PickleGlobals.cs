using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Pickle;

/// <summary>Every name that a pickle of weights may mention, and what it means here. There is no other way to a name.</summary>
internal static class PickleGlobals
{
    private static readonly Dictionary<string, TensorType?> Storages = new(StringComparer.Ordinal)
    {
        ["torch.FloatStorage"] = TensorType.F32,
        ["torch.DoubleStorage"] = TensorType.F64,
        ["torch.HalfStorage"] = TensorType.F16,
        ["torch.BFloat16Storage"] = TensorType.BF16,
        ["torch.LongStorage"] = TensorType.I64,
        ["torch.IntStorage"] = TensorType.I32,
        ["torch.ShortStorage"] = TensorType.I16,
        ["torch.CharStorage"] = TensorType.I8,
        ["torch.ByteStorage"] = TensorType.U8,
        ["torch.BoolStorage"] = TensorType.BOOL,
        ["torch.ComplexFloatStorage"] = TensorType.C64,
        ["torch.storage.UntypedStorage"] = null,
        ["torch.UntypedStorage"] = null,
    };

    private static readonly Dictionary<string, TensorType> Types = new(StringComparer.Ordinal)
    {
        ["torch.float32"] = TensorType.F32,
        ["torch.float64"] = TensorType.F64,
        ["torch.float16"] = TensorType.F16,
        ["torch.bfloat16"] = TensorType.BF16,
        ["torch.int64"] = TensorType.I64,
        ["torch.int32"] = TensorType.I32,
        ["torch.int16"] = TensorType.I16,
        ["torch.int8"] = TensorType.I8,
        ["torch.uint64"] = TensorType.U64,
        ["torch.uint32"] = TensorType.U32,
        ["torch.uint16"] = TensorType.U16,
        ["torch.uint8"] = TensorType.U8,
        ["torch.bool"] = TensorType.BOOL,
        ["torch.complex64"] = TensorType.C64,
        ["torch.float8_e4m3fn"] = TensorType.F8_E4M3,
        ["torch.float8_e5m2"] = TensorType.F8_E5M2,
        ["torch.float8_e4m3fnuz"] = TensorType.F8_E4M3FNUZ,
        ["torch.float8_e5m2fnuz"] = TensorType.F8_E5M2FNUZ,
    };

    private static readonly HashSet<string> Calls = new(StringComparer.Ordinal)
    {
        "collections.OrderedDict",
        "torch._utils._rebuild_tensor",
        "torch._utils._rebuild_tensor_v2",
        "torch._utils._rebuild_tensor_v3",
        "torch._utils._rebuild_parameter",
        "torch._utils._rebuild_parameter_with_state",
    };

    // Seen in trainer states; their results are ignored.
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        "torch.serialization._get_layout", "torch.Size", "torch.device", "torch.storage.TypedStorage", "_codecs.encode",
        "builtins.set", "__builtin__.set", "builtins.frozenset", "__builtin__.frozenset", "builtins.bytearray", "__builtin__.bytearray",
    };

    internal static bool IsKnown(string name) => Storages.ContainsKey(name) || Types.ContainsKey(name) || Calls.Contains(name) || Ignored.Contains(name);

    internal static bool IsStorage(string name, out TensorType? type) => Storages.TryGetValue(name, out type);

    internal static bool IsType(string name, out TensorType type) => Types.TryGetValue(name, out type);

    internal static bool IsIgnored(string name) => Ignored.Contains(name);
}
