using System.Text;

namespace PeftStudio.Formats.Tokenizers.Patterns;

/// <summary>
/// Runs a program over one text by backtracking with a stack of its own. A state that failed once fails always (there are no captures), so
/// when an attempt grows long its states are remembered: the work stays in proportion to program × text, whatever the pattern.
/// </summary>
internal ref struct PatternMatcher(ReadOnlySpan<char> text)
{
    /// <summary>An attempt of more steps than this begins to remember its states.</summary>
    private const int StepsBeforeMemory = 4096;

    /// <summary>Steps allowed for each character on the whole; look-arounds over long stretches could take more.</summary>
    private const int StepsPerCharacter = 4000;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly long _budget = (text.Length + 1000L) * StepsPerCharacter;
    private State[] _stack = new State[32];
    private int _top;
    private long _steps;

    /// <summary>The first match that begins at <paramref name="from"/> or behind.</summary>
    internal bool TryFind(PatternInstruction[] program, int from, out int start, out int end)
    {
        for (start = from; start <= _text.Length;)
        {
            end = Match(program, start);
            if (end >= 0) return true;
            start = NextStart(program[0], start);
        }

        start = end = -1;
        return false;
    }

    /// <summary>
    /// Where to try after an attempt failed. Behind a failed run of one class without limit, its later characters would only lead to states that failed too.
    /// </summary>
    private readonly int NextStart(in PatternInstruction first, int start)
    {
        var next = start + WidthAt(start);
        if (first.Op != PatternOp.Run || first.First > 1 || first.Second >= 0) return next;
        while (TryTake(first.Class!, ref start))
        {
        }

        return Math.Max(next, start);
    }

    /// <summary>Where a match that begins at <paramref name="start"/> ends, or −1.</summary>
    private int Match(PatternInstruction[] program, int start)
    {
        var bottom = _top;
        var end = Run(program, start, bottom);
        _top = bottom;
        return end;
    }

    private int Run(PatternInstruction[] program, int start, int bottom)
    {
        HashSet<(int, int)>? seen = null;
        var begun = _steps;
        var (pc, at) = (0, start);
        while (true)
        {
            if (++_steps > _budget) throw TokenizerErrors.Invalid("a regular expression that works in linear time", $"one that took more than {_budget} steps for {_text.Length} characters");
            if (seen is null && _steps - begun > StepsBeforeMemory) seen = [];
            ref readonly var instruction = ref program[pc];
            var ok = true;
            switch (instruction.Op)
            {
                case PatternOp.Match:
                    return at;
                case PatternOp.Class:
                    ok = TryTake(instruction.Class!, ref at);
                    pc++;
                    break;
                case PatternOp.Run:
                    ok = TryRun(instruction, pc + 1, ref at);
                    pc++;
                    break;
                case PatternOp.Choose:
                    ok = seen is null || seen.Add((pc, at));
                    if (ok) Push(new State(instruction.Second, at, at, null));
                    pc = instruction.First;
                    break;
                case PatternOp.Jump:
                    ok = seen is null || seen.Add((pc, at));
                    pc = instruction.First;
                    break;
                case PatternOp.Anchor:
                    ok = Holds(instruction.Anchor, at);
                    pc++;
                    break;
                case PatternOp.Look:
                    ok = Look(instruction, at);
                    pc++;
                    break;
                case PatternOp.Atomic:
                    at = Match(instruction.Program!, at);
                    ok = at >= 0;
                    pc++;
                    break;
            }

            if (!ok && !TryResume(bottom, out pc, out at)) return -1;
        }
    }

    /// <summary>Takes the newest open alternative. A greedy run gives characters back one by one, a lazy one takes one more.</summary>
    private bool TryResume(int bottom, out int pc, out int at)
    {
        while (_top > bottom)
        {
            var state = _stack[--_top];
            pc = state.Pc;
            at = state.At;
            if (state.Lazy is { } lazy)
            {
                if (!TryTake(lazy, ref at)) continue;
                if (state.Least != 0) Push(state with { At = at, Least = state.Least - 1 });
            }
            else if (at > state.Least)
            {
                at -= WidthBefore(at);
                if (at > state.Least) Push(state with { At = at });
            }

            return true;
        }

        pc = at = 0;
        return false;
    }

    private void Push(State state)
    {
        if (_top == _stack.Length) Array.Resize(ref _stack, checked(_top * 2));
        _stack[_top++] = state;
    }

    private bool TryRun(in PatternInstruction run, int next, ref int at)
    {
        for (var i = 0; i < run.First; i++)
        {
            if (!TryTake(run.Class!, ref at)) return false;
        }

        var more = run.Second < 0 ? int.MaxValue : run.Second - run.First;
        if (more == 0) return true;
        if (run.Kind == RepeatKind.Lazy)
        {
            Push(new State(next, at, more - 1, run.Class));
            return true;
        }

        var least = at;
        while (more-- > 0 && TryTake(run.Class!, ref at))
        {
        }

        _steps += at - least;
        if (run.Kind == RepeatKind.Greedy && at > least) Push(new State(next, at, least, null));
        return true;
    }

    private readonly bool TryTake(CodePointClass set, ref int at)
    {
        if (at >= _text.Length) return false;
        var first = _text[at];
        if (first < 128)
        {
            if (!set.Contains(first)) return false;
            at++;
            return true;
        }

        Rune.DecodeFromUtf16(_text[at..], out var rune, out var width);
        if (!set.Contains(rune.Value)) return false;
        at += width;
        return true;
    }

    private bool Look(in PatternInstruction look, int at)
    {
        var from = at;
        for (var i = 0; i < look.Behind; i++)
        {
            if (from == 0) return look.Negative;
            from -= WidthBefore(from);
        }

        return Match(look.Program!, from) >= 0 != look.Negative;
    }

    private readonly bool Holds(Anchor anchor, int at) => anchor switch
    {
        Anchor.TextStart => at == 0,
        Anchor.TextEnd => at == _text.Length,
        Anchor.TextEndOrLastNewline => at == _text.Length || (at == _text.Length - 1 && _text[at] == '\n'),
        Anchor.LineStart => at == 0 || (_text[at - 1] == '\n' && at < _text.Length),
        Anchor.LineEnd => at == _text.Length || _text[at] == '\n',
        Anchor.WordBoundary => IsWordBefore(at) != IsWordAt(at),
        _ => IsWordBefore(at) == IsWordAt(at),
    };

    private readonly bool IsWordAt(int at) => TryTake(NamedClasses.Word, ref at);

    private readonly bool IsWordBefore(int at) => at > 0 && IsWordAt(at - WidthBefore(at));

    private readonly int WidthAt(int at) => at + 1 < _text.Length && char.IsSurrogatePair(_text[at], _text[at + 1]) ? 2 : 1;

    private readonly int WidthBefore(int at) => at > 1 && char.IsSurrogatePair(_text[at - 2], _text[at - 1]) ? 2 : 1;

    /// <summary>An open alternative.</summary>
    /// <param name="Pc">Where to go on.</param>
    /// <param name="At">Position in the text; for a run the one reached.</param>
    /// <param name="Least">For a greedy run the position it may not go behind; for a lazy one how many more it may take.</param>
    /// <param name="Lazy">The class of a lazy run.</param>
    private readonly record struct State(int Pc, int At, int Least, CodePointClass? Lazy);
}
