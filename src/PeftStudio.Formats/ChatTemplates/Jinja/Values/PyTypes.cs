using System.Numerics;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>Python's names of types, for messages that template authors know.</summary>
internal static class PyTypes
{
    internal static string NameOf(object? value) => value switch
    {
        null => "NoneType",
        string => "str",
        Markup => "Markup",
        bool => "bool",
        long or BigInteger => "int",
        double => "float",
        PyList => "list",
        PyTuple => "tuple",
        PyDict => "dict",
        PyRange => "range",
        PyBytes => "bytes",
        Undefined => "Undefined",
        Namespace => "Namespace",
        PyIterator iterator => iterator.TypeName,
        DictView view => "dict_" + view.Kind.ToString().ToLowerInvariant(),
        Callable callable => callable.TypeName,
        _ => "object",
    };
}
