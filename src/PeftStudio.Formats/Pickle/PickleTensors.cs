namespace PeftStudio.Formats.Pickle;

/// <summary>Finds the named tensors in a saved object: a dictionary of tensors, or one under the key that trainers use.</summary>
internal static class PickleTensors
{
    private static readonly string[] Wrappers = ["state_dict", "model_state_dict", "model", "module"];

    internal static Dictionary<string, PickleTensor> Of(string path, object? root)
    {
        if (root is not Dictionary<object, object?> dictionary) throw PickleErrors.Unsupported(path, "a saved object that is no dictionary of tensors");
        var found = Named(dictionary);
        if (found.Count > 0) return found;
        foreach (var wrapper in Wrappers)
        {
            if (dictionary.GetValueOrDefault(wrapper) is Dictionary<object, object?> inner && Named(inner) is { Count: > 0 } tensors) return tensors;
        }

        throw PickleErrors.Unsupported(path, "a dictionary without tensors, also under " + string.Join(", ", Wrappers));
    }

    private static Dictionary<string, PickleTensor> Named(Dictionary<object, object?> dictionary)
    {
        var tensors = new Dictionary<string, PickleTensor>(StringComparer.Ordinal);
        foreach (var (key, value) in dictionary)
        {
            if (key is string name && value is PickleTensor tensor) tensors[name] = tensor;
        }

        return tensors;
    }
}
