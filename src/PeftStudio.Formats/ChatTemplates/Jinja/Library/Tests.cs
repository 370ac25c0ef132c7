using System.Collections.Frozen;
using PeftStudio.Formats.ChatTemplates.Jinja.Formatting;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Tree;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Library;

/// <summary>A test: what stands before <c>is</c>, and what it is given.</summary>
internal delegate object? Test(RenderContext context, object? value, Arguments arguments);

/// <summary>The tests of Jinja.</summary>
internal static class Tests
{
    private static readonly FrozenDictionary<string, Test> All = new Dictionary<string, Test>(StringComparer.Ordinal)
    {
        ["boolean"] = Plain(static value => value is bool),
        ["callable"] = Plain(static value => value is Callable or Undefined),
        ["defined"] = Plain(static value => value is not Undefined),
        ["divisibleby"] = static (context, value, arguments) => Remainder(context, value, arguments.Bind("divisibleby", 1, "num")[0], 0),
        ["escaped"] = Plain(static value => value is Markup),
        ["even"] = static (context, value, arguments) => Remainder(context, value, 2L, 0),
        ["false"] = Plain(static value => value is false),
        ["filter"] = static (context, value, arguments) => Markup.TextOf(value) is { } name && Filters.Find(name) is not null,
        ["float"] = Plain(static value => value is double),
        ["in"] = static (context, value, arguments) => Comparing.Contains(arguments.Bind("in", 1, "seq")[0], value, context.Meter),
        ["integer"] = Plain(static value => Numbers.IsInteger(value) && value is not bool),
        ["iterable"] = Plain(Iterating.CanIterate),
        ["lower"] = static (context, value, arguments) => StringMethods.IsLower(PyText.Str(value, context.Meter)),
        ["mapping"] = Plain(static value => value is PyDict),
        ["none"] = Plain(static value => value is null),
        ["number"] = Plain(Numbers.IsNumber),
        ["odd"] = static (context, value, arguments) => Remainder(context, value, 2L, 1),
        ["sameas"] = static (context, value, arguments) => Comparing.Identical(value, arguments.Bind("sameas", 1, "other")[0]),
        ["sequence"] = Plain(static value => value is string or Markup or PySequence or PyDict or PyRange or PyBytes or Undefined),
        ["string"] = Plain(static value => value is string or Markup),
        ["test"] = static (context, value, arguments) => Markup.TextOf(value) is { } name && Find(name) is not null,
        ["true"] = Plain(static value => value is true),
        ["undefined"] = Plain(static value => value is Undefined),
        ["upper"] = static (context, value, arguments) => StringMethods.IsUpper(PyText.Str(value, context.Meter)),
        ["=="] = Comparison("=="),
        ["eq"] = Comparison("=="),
        ["equalto"] = Comparison("=="),
        ["!="] = Comparison("!="),
        ["ne"] = Comparison("!="),
        [">"] = Comparison(">"),
        ["gt"] = Comparison(">"),
        ["greaterthan"] = Comparison(">"),
        [">="] = Comparison(">="),
        ["ge"] = Comparison(">="),
        ["<"] = Comparison("<"),
        ["lt"] = Comparison("<"),
        ["lessthan"] = Comparison("<"),
        ["<="] = Comparison("<="),
        ["le"] = Comparison("<="),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    internal static Test? Find(string name) => All.GetValueOrDefault(name);

    private static Test Plain(Func<object?, bool> test) => (_, value, arguments) =>
    {
        arguments.ExpectNone("the test");
        return test(value);
    };

    private static Test Comparison(string sign) => (context, value, arguments) =>
        CompareExpression.Holds(sign, value, arguments.Bind("the test", 1, "other")[0], context.Meter);

    private static bool Remainder(RenderContext context, object? value, object? divisor, long rest) =>
        Comparing.Same(Operators.Modulo(value, divisor, context), rest, context.Meter);
}
