using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

/// <summary>Arguments of one call: by position, then by name in the order written.</summary>
internal readonly struct Arguments(object?[] positional, KeyValuePair<string, object?>[] named)
{
    internal static Arguments None { get; } = new([], []);

    internal object?[] Positional { get; } = positional;

    internal KeyValuePair<string, object?>[] Named { get; } = named;

    internal static Arguments Of(params object?[] positional) => new(positional, []);

    /// <summary>
    /// Puts the arguments into the order of a function's parameters, <see cref="Missing.Value"/> where none was given;
    /// fails like Python for too many, unknown or doubled ones.
    /// </summary>
    /// <param name="function">The function's name, for messages.</param>
    /// <param name="required">How many of the parameters must be given.</param>
    /// <param name="parameters">Names of the parameters.</param>
    internal object?[] Bind(string function, int required, params ReadOnlySpan<string> parameters)
    {
        if (Positional.Length > parameters.Length)
        {
            throw JinjaError.Python($"{function}() takes at most {parameters.Length} arguments ({Positional.Length} given)");
        }

        var bound = new object?[parameters.Length];
        Array.Fill(bound, Missing.Value);
        Positional.CopyTo(bound, 0);
        foreach (var (name, value) in Named)
        {
            var index = parameters.IndexOf(name);
            if (index < 0) throw JinjaError.Python($"{function}() got an unexpected keyword argument '{name}'");
            if (!Missing.Is(bound[index])) throw JinjaError.Python($"{function}() got multiple values for argument '{name}'");
            bound[index] = value;
        }

        for (var i = 0; i < required; i++)
        {
            if (Missing.Is(bound[i])) throw JinjaError.Python($"{function}() missing required argument '{parameters[i]}'");
        }

        return bound;
    }

    /// <summary>Fails unless there are none, for functions without parameters.</summary>
    internal void ExpectNone(string function)
    {
        if (Positional.Length + Named.Length > 0) throw JinjaError.Python($"{function}() takes no arguments");
    }
}
