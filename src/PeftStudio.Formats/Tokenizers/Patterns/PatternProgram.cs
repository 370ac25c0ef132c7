namespace PeftStudio.Formats.Tokenizers.Patterns;

/// <summary>What an instruction does.</summary>
internal enum PatternOp : byte
{
    /// <summary>The whole pattern has matched.</summary>
    Match,

    /// <summary>One code point of a class.</summary>
    Class,

    /// <summary>A class <c>First</c> to <c>Second</c> times, kind in <c>Kind</c>.</summary>
    Run,

    /// <summary>Go on at <c>First</c>; if that fails, at <c>Second</c>.</summary>
    Choose,

    /// <summary>Go on at <c>First</c>.</summary>
    Jump,

    /// <summary>A condition on the position.</summary>
    Anchor,

    /// <summary>A sub-program that must match here (or, if negative, must not) without taking anything.</summary>
    Look,

    /// <summary>A sub-program that is not entered again once it matched.</summary>
    Atomic,
}

/// <summary>One instruction.</summary>
internal readonly record struct PatternInstruction(
    PatternOp Op, int First = 0, int Second = 0, CodePointClass? Class = null, RepeatKind Kind = RepeatKind.Greedy, PatternInstruction[]? Program = null,
    bool Negative = false, Anchor Anchor = default, int Behind = -1);

/// <summary>Compiles a parsed pattern to instructions for <see cref="PatternMatcher"/>.</summary>
internal sealed class PatternProgram
{
    /// <summary>Programs longer than this are refused: counted repetitions are written out.</summary>
    private const int MostInstructions = 20_000;

    private readonly List<PatternInstruction> _instructions = [];

    internal static PatternInstruction[] Compile(PatternNode node)
    {
        var program = new PatternProgram();
        program.Emit(node);
        program.Add(new PatternInstruction(PatternOp.Match));
        return [.. program._instructions];
    }

    private int Add(PatternInstruction instruction)
    {
        if (_instructions.Count >= MostInstructions) throw TokenizerErrors.Invalid("a regular expression", $"one of more than {MostInstructions} steps");
        _instructions.Add(instruction);
        return _instructions.Count - 1;
    }

    private void Emit(PatternNode node)
    {
        switch (node)
        {
            case ClassNode one:
                Add(new PatternInstruction(PatternOp.Class, Class: one.Class));
                break;
            case ConcatenationNode all:
                foreach (var part in all.Parts) Emit(part);
                break;
            case AlternationNode choices:
                EmitChoices(choices.Choices);
                break;
            case RepeatNode repeat:
                EmitRepeat(repeat);
                break;
            case AtomicNode atomic:
                Add(new PatternInstruction(PatternOp.Atomic, Program: Compile(atomic.Body)));
                break;
            case LookNode look:
                Add(new PatternInstruction(PatternOp.Look, Program: Compile(look.Body), Negative: look.Negative, Behind: look.Behind ? WidthOf(look.Body) : -1));
                break;
            case AnchorNode anchor:
                Add(new PatternInstruction(PatternOp.Anchor, Anchor: anchor.Anchor));
                break;
        }
    }

    private void EmitChoices(IReadOnlyList<PatternNode> choices)
    {
        var ends = new List<int>();
        for (var i = 0; i < choices.Count; i++)
        {
            var last = i == choices.Count - 1;
            var choose = last ? -1 : Add(default);
            Emit(choices[i]);
            if (last) break;
            ends.Add(Add(default));
            _instructions[choose] = new PatternInstruction(PatternOp.Choose, choose + 1, _instructions.Count);
        }

        foreach (var end in ends) _instructions[end] = new PatternInstruction(PatternOp.Jump, _instructions.Count);
    }

    private void EmitRepeat(RepeatNode repeat)
    {
        var body = repeat.Body;
        while (body is ConcatenationNode { Parts: [var single] }) body = single;
        if (body is ClassNode one)
        {
            Add(new PatternInstruction(PatternOp.Run, repeat.Least, repeat.Most, one.Class, repeat.Kind));
            return;
        }

        if (repeat.Kind == RepeatKind.Possessive)
        {
            Emit(new AtomicNode(repeat with { Kind = RepeatKind.Greedy }));
            return;
        }

        for (var i = 0; i < repeat.Least; i++) Emit(body);
        var chooses = new List<int>();
        if (repeat.Most < 0)
        {
            chooses.Add(Add(default));
            Emit(body);
            Add(new PatternInstruction(PatternOp.Jump, chooses[0]));
        }
        else
        {
            for (var i = repeat.Least; i < repeat.Most; i++)
            {
                chooses.Add(Add(default));
                Emit(body);
            }
        }

        foreach (var choose in chooses)
        {
            _instructions[choose] = repeat.Kind == RepeatKind.Lazy
                ? new PatternInstruction(PatternOp.Choose, _instructions.Count, choose + 1)
                : new PatternInstruction(PatternOp.Choose, choose + 1, _instructions.Count);
        }
    }

    /// <summary>How many code points a look-behind's body takes; only a fixed number can be looked back for.</summary>
    private static int WidthOf(PatternNode node) => node switch
    {
        ClassNode => 1,
        ConcatenationNode all => all.Parts.Sum(WidthOf),
        AlternationNode choices when choices.Choices.Select(WidthOf).Distinct().ToList() is [var width] => width,
        RepeatNode repeat when repeat.Least == repeat.Most => repeat.Least * WidthOf(repeat.Body),
        AtomicNode atomic => WidthOf(atomic.Body),
        LookNode or AnchorNode => 0,
        _ => throw TokenizerErrors.Invalid("a look-behind of fixed width", "one that varies"),
    };
}
