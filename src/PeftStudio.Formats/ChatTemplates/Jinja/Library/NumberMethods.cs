using System.Numerics;
using System.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Library;

/// <summary>The few members of numbers and bytes that a template could name.</summary>
internal static class NumberMethods
{
    internal static object? Find(object? owner, string name) => owner switch
    {
        long or bool or BigInteger => name switch
        {
            "real" or "numerator" => Numbers.Narrow(Numbers.ToBig(owner)),
            "imag" => 0L,
            "denominator" => 1L,
            "bit_length" => Constant(name, (long)BigInteger.Abs(Numbers.ToBig(owner)).GetBitLength()),
            "conjugate" => Constant(name, owner),
            _ => Missing.Value,
        },
        double real => name switch
        {
            "real" => owner,
            "imag" => 0.0,
            "is_integer" => Constant(name, double.IsInteger(real)),
            "conjugate" => Constant(name, owner),
            _ => Missing.Value,
        },
        PyBytes bytes => name switch
        {
            "decode" => new Function(name, (context, arguments) => Decode(bytes, context.Meter, arguments)),
            "hex" => Constant(name, Convert.ToHexStringLower(bytes.Values)),
            _ => Missing.Value,
        },
        _ => Missing.Value,
    };

    private static Function Constant(string name, object? value) => new(name, (_, arguments) =>
    {
        arguments.ExpectNone(name);
        return value;
    });

    private static string Decode(PyBytes bytes, Meter meter, Arguments arguments)
    {
        var bound = arguments.Bind("decode", 0, "encoding", "errors");
        TextEncodings.Require(bound[0]);
        meter.Make(bytes.Values.Length);
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.Values);
        }
        catch (DecoderFallbackException)
        {
            throw JinjaError.Python("the bytes are not UTF-8");
        }
    }
}
