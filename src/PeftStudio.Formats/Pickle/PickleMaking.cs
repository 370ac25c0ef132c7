using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Pickle;

/// <summary>What the few allowed names make of their arguments: dictionaries, storages and tensors, checked.</summary>
internal static class PickleMaking
{
    internal static object Make(string path, PickleGlobal maker, object?[] arguments)
    {
        var name = maker.ToString();
        switch (name)
        {
            case "collections.OrderedDict": return Dictionary(path, arguments);
            case "torch._utils._rebuild_tensor" when arguments.Length >= 4:
            case "torch._utils._rebuild_tensor_v2" when arguments.Length >= 6: return Tensor(path, arguments, null);
            case "torch._utils._rebuild_tensor_v3" when arguments.Length >= 7: return Tensor(path, arguments, arguments[6] as PickleGlobal);
            case "torch._utils._rebuild_parameter" or "torch._utils._rebuild_parameter_with_state" when arguments is [PickleTensor tensor, ..]: return tensor;
            case var _ when PickleGlobals.IsIgnored(name): return new PickleOpaque(maker);
            default: throw PickleErrors.Forbidden(path, $"a call of '{name}' with {arguments.Length} arguments");
        }
    }

    /// <summary>A storage from its id: ('storage', type, key, location, count[, (view key, first, count)]).</summary>
    internal static PickleStorage Storage(string path, object?[] id)
    {
        if (id.Length is not (5 or 6) || id[0] is not "storage" || id[1] is not PickleGlobal type || id[2] is not string key || id[4] is not long count || count < 0)
        {
            throw PickleErrors.Invalid(path, "a reference that is no storage with type, key and count");
        }

        if (!PickleGlobals.IsStorage(type.ToString(), out var element)) throw PickleErrors.Forbidden(path, $"a storage of type '{type}'");
        if (id.Length == 5 || id[5] is null) return new(key, element, 0, count);
        return id[5] is object?[] { Length: 3 } view && view[1] is long first && view[2] is long length && first >= 0 && length >= 0 && first <= count - length
            ? new(key, element, first, length)
            : throw PickleErrors.Invalid(path, $"storage '{key}' with a view outside its {count} elements");
    }

    private static Dictionary<object, object?> Dictionary(string path, object?[] arguments)
    {
        var result = new Dictionary<object, object?>();
        if (arguments.Length == 0) return result;
        if (arguments is not [List<object?> pairs]) throw PickleErrors.Invalid(path, "an OrderedDict made from something else than a list of pairs");
        foreach (var pair in pairs)
        {
            var parts = pair is List<object?> list ? [.. list] : pair as object?[];
            if (parts is not [string key, var value]) throw PickleErrors.Invalid(path, "an OrderedDict with a pair that is no name and value");
            result[key] = value;
        }

        return result;
    }

    private static PickleTensor Tensor(string path, object?[] arguments, PickleGlobal? type)
    {
        if (arguments[0] is not PickleStorage storage || arguments[1] is not long offset || offset < 0) throw PickleErrors.Invalid(path, "a tensor without storage or offset");
        var shape = Extents(path, arguments[2]);
        var strides = Extents(path, arguments[3]);
        if (shape.Length != strides.Length) throw PickleErrors.Invalid(path, $"a tensor of {shape.Length} extents with {strides.Length} strides");
        var element = storage.Type ?? (type is not null && PickleGlobals.IsType(type.ToString(), out var given) ? given
            : throw PickleErrors.Invalid(path, $"storage '{storage.Key}' without an element type"));
        var available = storage.Type is null ? storage.Count / (TensorTypes.BitsOf(element) / 8) : storage.Count;
        var tensor = new PickleTensor(storage, element, offset, shape, strides);
        RequireInside(path, tensor, available);
        return tensor;
    }

    private static void RequireInside(string path, PickleTensor tensor, long available)
    {
        var text = $"a tensor {TensorInfo.FormatShape(tensor.Shape)} with strides {TensorInfo.FormatShape(tensor.Strides)} at element {tensor.Offset} of storage '{tensor.Storage.Key}'";
        try
        {
            var (count, last) = (1L, tensor.Offset);
            for (var d = 0; d < tensor.Shape.Length; d++)
            {
                count = checked(count * tensor.Shape[d]);
                if (tensor.Shape[d] > 0) last = checked(last + ((tensor.Shape[d] - 1) * tensor.Strides[d]));
            }

            // A tensor larger than its storage repeats elements; a few bytes could then pretend to be terabytes.
            if (count == 0 || (last < available && count <= available)) return;
        }
        catch (OverflowException e)
        {
            throw PickleErrors.Invalid(path, text + ", whose size overflows", e);
        }

        throw PickleErrors.Invalid(path, $"{text}, which has {available} elements");
    }

    private static long[] Extents(string path, object? value)
    {
        if (value is not object?[] parts || parts.Length > 64) throw PickleErrors.Invalid(path, "a shape or strides that are no list of numbers");
        return Array.ConvertAll(parts, p => p is long extent and >= 0 ? extent : throw PickleErrors.Invalid(path, "a negative extent or stride"));
    }
}
