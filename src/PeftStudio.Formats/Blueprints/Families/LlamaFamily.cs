using PeftStudio.Formats.Checkpoints;

namespace PeftStudio.Formats.Blueprints.Families;

/// <summary>Llama 1 to 3, SmolLM, TinyLlama, Vicuna and whatever else says <c>llama</c>: pre-norm, RMSNorm, rotary halves, SwiGLU.</summary>
internal static class LlamaFamily
{
    internal static ModelBlueprint Describe(ModelConfiguration config)
    {
        if (config.Architecture is { } named && named != "LlamaForCausalLM")
        {
            throw new PeftStudioException(
                ErrorCodes.UnknownArchitecture, "model head is not supported", named, "LlamaForCausalLM is the one of this family that can be built",
                "use a causal language model checkpoint");
        }

        var hidden = config.Positive("hidden_size");
        var heads = config.Positive("num_attention_heads");
        var keyValueHeads = config.Positive("num_key_value_heads", heads);
        var headSize = config.Positive("head_dim", hidden / heads);
        if (heads % keyValueHeads != 0) throw config.Invalid("num_key_value_heads", $"{keyValueHeads}", $"it must divide num_attention_heads, {heads}");
        var rope = RopeSettings.Read(config, headSize);
        var vocabulary = config.Positive("vocab_size");
        var epsilon = (float)config.Number("rms_norm_eps", 1e-6);
        var feedForward = config.Positive("intermediate_size");
        var attentionBias = config.Flag("attention_bias", false);
        var mlpBias = config.Flag("mlp_bias", false);
        var pad = config.OptionalInteger("pad_token_id") is { } id && id >= 0 && id < vocabulary ? id : (int?)null;
        var activation = Activations.Read(config, "hidden_act", "silu");

        return new ModelBlueprint
        {
            ModelType = config.ModelType,
            Architecture = "LlamaForCausalLM",
            HiddenSize = hidden,
            VocabularySize = vocabulary,
            MaxPositions = config.Positive("max_position_embeddings", 2048),
            RecordedType = config.Text("dtype") ?? config.Text("torch_dtype"),
            BosTokenId = config.OptionalInteger("bos_token_id"),
            EosTokenIds = config.Integers("eos_token_id"),
            PadTokenId = pad,
            BasePrefix = "model.",
            Embedding = new() { Path = "model.embed_tokens", Rows = vocabulary, Width = hidden, PaddingRow = pad },
            Layers = Enumerable.Range(0, config.Positive("num_hidden_layers")).Select(Layer).ToArray(),
            FinalNorm = Norm("model.norm"),
            Head = new()
            {
                Path = "lm_head",
                Linear = config.Flag("tie_word_embeddings", false) ? null : new("lm_head", hidden, vocabulary),
            },
        };

        NormBlueprint Norm(string path) => new(path, NormKind.Rms, hidden, epsilon);

        LayerBlueprint Layer(int index)
        {
            var path = $"model.layers.{index}";
            return new LayerBlueprint
            {
                Path = path,
                AttentionInputNorm = Norm($"{path}.input_layernorm"),
                Attention = new()
                {
                    Heads = heads,
                    KeyValueHeads = keyValueHeads,
                    HeadSize = headSize,
                    Query = new($"{path}.self_attn.q_proj", hidden, heads * headSize, attentionBias),
                    Key = new($"{path}.self_attn.k_proj", hidden, keyValueHeads * headSize, attentionBias),
                    Value = new($"{path}.self_attn.v_proj", hidden, keyValueHeads * headSize, attentionBias),
                    Output = new($"{path}.self_attn.o_proj", heads * headSize, hidden, attentionBias),
                    Rope = rope,
                    Scale = 1 / MathF.Sqrt(headSize),
                },
                FeedForwardInputNorm = Norm($"{path}.post_attention_layernorm"),
                FeedForward = new()
                {
                    Gate = new($"{path}.mlp.gate_proj", hidden, feedForward, mlpBias),
                    Up = new($"{path}.mlp.up_proj", hidden, feedForward, mlpBias),
                    Down = new($"{path}.mlp.down_proj", feedForward, hidden, mlpBias),
                    Activation = activation,
                },
            };
        }
    }
}
