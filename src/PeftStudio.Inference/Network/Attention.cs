using PeftStudio.Formats.Blueprints;
using PeftStudio.Inference.Numerics;
using PeftStudio.Inference.Threading;

namespace PeftStudio.Inference.Network;

/// <summary>Causal attention of one layer: projections, rotation, storing keys and values, weighted sums, output projection.</summary>
internal sealed unsafe class Attention<T>
    where T : unmanaged, IElement<T>
{
    private const int WorthSharing = 16_384;

    private readonly AttentionBlueprint _blueprint;
    private readonly int _layer;
    private readonly Rotary<T>? _rotary;
    private readonly LinearGroup<T> _projections;
    private readonly LinearGroup<T> _output;

    /// <param name="blueprint">Heads, scale, names.</param>
    /// <param name="layer">Number of the layer: where a sequence keeps its keys.</param>
    /// <param name="rotary">Rotation, or null.</param>
    /// <param name="linears">Finds the linears.</param>
    internal Attention(AttentionBlueprint blueprint, int layer, Rotary<T>? rotary, Func<LinearBlueprint, Linear<T>> linears)
    {
        _blueprint = blueprint;
        _layer = layer;
        _rotary = rotary;
        _projections = new(linears(blueprint.Query), linears(blueprint.Key), linears(blueprint.Value));
        _output = new(linears(blueprint.Output));
    }

    private int QueryWidth => _blueprint.Heads * _blueprint.HeadSize;

    private int KeyWidth => _blueprint.KeyValueHeads * _blueprint.HeadSize;

    /// <summary>Runs all rows of a pass.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="input">[rows, E].</param>
    /// <param name="output">[rows, E].</param>
    internal void Run(Pass<T> pass, T* input, T* output)
    {
        var query = pass.Query.Reserve((nint)pass.Rows * QueryWidth);
        var key = pass.Key.Reserve((nint)pass.Rows * KeyWidth);
        var value = pass.Value.Reserve((nint)pass.Rows * KeyWidth);
        _projections.Run(pass, input, query, key, value);

        var storing = new StoreShare(this, pass, query, key, value);
        pass.Crew.Run(ref storing, pass.Rows * QueryWidth >= WorthSharing);

        var attended = pass.Attended.Reserve((nint)pass.Rows * QueryWidth);
        AttentionScores.Run(pass, _blueprint, _layer, query, attended);
        _output.Run(pass, attended, output);
    }

    /// <summary>Rotates queries and keys and puts keys and values into the caches.</summary>
    private readonly struct StoreShare(Attention<T> attention, Pass<T> pass, T* query, T* key, T* value) : IShare
    {
        public void Run(int part, int parts)
        {
            var (queryWidth, keyWidth, headSize) = (attention.QueryWidth, attention.KeyWidth, attention._blueprint.HeadSize);
            var memory = pass.Parts[part].Row.Reserve(queryWidth + (2 * keyWidth));
            var queries = new Span<float>(memory, queryWidth);
            var keys = new Span<float>(memory + queryWidth, keyWidth);
            var values = new Span<float>(memory + queryWidth + keyWidth, keyWidth);
            foreach (ref readonly var segment in pass.Segments)
            {
                for (var i = part; i < segment.Count; i += parts)
                {
                    var row = segment.First + i;
                    T.Widen(new ReadOnlySpan<T>(key + ((nint)row * keyWidth), keyWidth), keys);
                    T.Widen(new ReadOnlySpan<T>(value + ((nint)row * keyWidth), keyWidth), values);
                    if (attention._rotary is { } rotary)
                    {
                        var target = new Span<T>(query + ((nint)row * queryWidth), queryWidth);
                        T.Widen(target, queries);
                        rotary.Rotate(pass, row, queries, headSize);
                        T.Narrow(queries, target);
                        rotary.Rotate(pass, row, keys, headSize);
                    }

                    segment.Sequence.Cache[attention._layer].Store(segment.Sequence.Before + i, keys, values);
                }
            }
        }
    }
}
