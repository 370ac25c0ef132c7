using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Library;

/// <summary>Methods of lists and tuples that change nothing.</summary>
internal static class SequenceMethods
{
    internal static object Find(PySequence sequence, string name) => name switch
    {
        "index" => new Function(name, (context, arguments) => Index(sequence, context.Meter, arguments)),
        "count" => new Function(name, (context, arguments) => Count(sequence, context.Meter, arguments)),
        "copy" when sequence is PyList => new Function(name, (_, arguments) =>
        {
            arguments.ExpectNone(name);
            return new PyList(sequence.Items);
        }),
        _ => Missing.Value,
    };

    private static long Index(PySequence sequence, Meter meter, Arguments arguments)
    {
        var bound = arguments.Bind("index", 1, "value", "start", "stop");
        var (from, _, count) = Slicing.Bounds(
            Missing.Is(bound[1]) ? null : bound[1], Missing.Is(bound[2]) ? null : bound[2], null, sequence.Items.Length);
        meter.Steps(count);
        for (var i = from; i < from + count; i++)
        {
            if (Comparing.Same(sequence.Items[i], bound[0], meter)) return i;
        }

        throw JinjaError.Python("the value is not in the list");
    }

    private static long Count(PySequence sequence, Meter meter, Arguments arguments)
    {
        var wanted = arguments.Bind("count", 1, "value")[0];
        meter.Steps(sequence.Items.Length);
        return sequence.Items.LongCount(item => Comparing.Same(item, wanted, meter));
    }
}
