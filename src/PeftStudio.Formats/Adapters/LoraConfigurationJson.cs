using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PeftStudio.Formats.Adapters;

/// <summary>Reads and writes <c>adapter_config.json</c> of peft_type LORA with the fields of PEFT 0.21.2.</summary>
internal static class LoraConfigurationJson
{
    /// <summary>The PEFT release whose files ours equal.</summary>
    internal const string PeftVersion = "0.21.2";

    // Every field that PEFT writes, with its default. What is not listed is unknown and dropped with a warning.
    private const string Defaults = """
        {
          "alora_invocation_tokens": null, "alpha_pattern": {}, "arrow_config": null, "auto_mapping": null, "base_model_name_or_path": null,
          "bias": "none", "corda_config": null, "ensure_weight_tying": false, "eva_config": null, "exclude_modules": null,
          "fan_in_fan_out": false, "inference_mode": true, "init_lora_weights": true, "kasa_config": null, "layer_replication": null,
          "layers_pattern": null, "layers_to_transform": null, "loftq_config": {}, "lora_alpha": 8, "lora_bias": false, "lora_dropout": 0.0,
          "lora_ga_config": null, "megatron_config": null, "megatron_core": "megatron.core", "modules_to_save": null,
          "monteclora_config": null, "peft_type": "LORA", "peft_version": "0.21.2", "qalora_group_size": 16, "r": 8, "rank_pattern": {},
          "revision": null, "target_modules": null, "target_parameters": null, "task_type": null, "trainable_token_indices": null,
          "use_bdlora": null, "use_dora": false, "use_qalora": false, "use_rslora": false, "velora_config": null
        }
        """;

    // Fields that change the arithmetic in ways that are not built: any value but the default is refused by name.
    private static readonly string[] Refused =
    [
        "alora_invocation_tokens", "arrow_config", "bias", "kasa_config", "layer_replication", "lora_bias", "modules_to_save",
        "monteclora_config", "target_parameters", "trainable_token_indices", "use_bdlora", "use_dora", "use_qalora", "velora_config",
    ];

    private static readonly string[] NeutralInitializations = ["eva", "orthogonal", "mica"];

    private static readonly string[] Understood =
    [
        "alpha_pattern", "base_model_name_or_path", "exclude_modules", "init_lora_weights",
        "lora_alpha", "lora_dropout", "peft_type", "peft_version", "r", "rank_pattern", "target_modules", "task_type", "use_rslora",
        "inference_mode",
    ];

    internal static LoraConfiguration Read(ReadOnlyMemory<byte> json, string source, List<string> warnings)
    {
        var defaults = JsonNode.Parse(Defaults)!.AsObject();
        JsonObject root;
        try
        {
            root = JsonNode.Parse(json.Span)?.AsObject() ?? throw new JsonException("null instead of an object");
            RequireLora(root, source);
            foreach (var (name, value) in root)
            {
                if (!defaults.ContainsKey(name) && name != "runtime_config") warnings.Add($"{source}: unknown field '{name}' is dropped");
            }

            foreach (var name in Refused)
            {
                if (root[name] is { } value && !JsonNode.DeepEquals(value, defaults[name]) && value is not JsonArray { Count: 0 })
                {
                    throw Unsupported(source, $"'{name}': {value.ToJsonString()}");
                }
            }

            return new LoraConfiguration
            {
                Rank = Positive(root, "r", 8, source),
                Alpha = root["lora_alpha"]?.GetValue<double>() ?? 8,
                Dropout = root["lora_dropout"]?.GetValue<double>() ?? 0,
                TargetModules = ReadModules(root["target_modules"]),
                ExcludeModules = ReadModules(root["exclude_modules"]),
                LayersToTransform = ReadList(root["layers_to_transform"], n => n.GetValue<int>()),
                LayersPattern = ReadList(root["layers_pattern"], n => n.GetValue<string>()),
                RankPattern = ReadPattern(root["rank_pattern"], n => n.GetValue<int>()),
                AlphaPattern = ReadPattern(root["alpha_pattern"], n => n.GetValue<double>()),
                UseRsLora = root["use_rslora"]?.GetValue<bool>() ?? false,
                Initialization = ReadInitialization(root["init_lora_weights"], source),
                BaseModel = root["base_model_name_or_path"]?.GetValue<string>(),
                TaskType = root["task_type"]?.GetValue<string>(),
                Carried = root.Where(p => defaults.ContainsKey(p.Key) && (!Understood.Contains(p.Key) || IsCarriedInitialization(p)))
                    .ToDictionary(p => p.Key, p => p.Value?.DeepClone()),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw Invalid(source, e.Message, e);
        }
    }

    internal static string Write(LoraConfiguration config)
    {
        var root = JsonNode.Parse(Defaults)!.AsObject();
        root["r"] = config.Rank;
        root["lora_alpha"] = Number(config.Alpha, integral: true);
        root["lora_dropout"] = Number(config.Dropout, integral: false);
        root["target_modules"] = WriteModules(config.TargetModules);
        root["exclude_modules"] = WriteModules(config.ExcludeModules);
        root["layers_to_transform"] = config.LayersToTransform.Count == 0 ? null : new JsonArray([.. config.LayersToTransform.Select(i => (JsonNode)i)]);
        root["layers_pattern"] = config.LayersPattern.Count == 0 ? null : new JsonArray([.. config.LayersPattern.Select(p => (JsonNode)p)]);
        root["rank_pattern"] = new JsonObject(config.RankPattern.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
        root["alpha_pattern"] = new JsonObject(config.AlphaPattern.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Number(p.Value, integral: true))));
        root["use_rslora"] = config.UseRsLora;
        root["init_lora_weights"] = config.Initialization switch
        {
            LoraInitialization.Gaussian => "gaussian",
            LoraInitialization.Random => false,
            _ => true,
        };
        root["base_model_name_or_path"] = config.BaseModel;
        root["task_type"] = config.TaskType;
        foreach (var (name, value) in config.Carried) root[name] = value?.DeepClone();
        return Print(root);
    }

    private static void RequireLora(JsonObject root, string source)
    {
        var type = root["peft_type"]?.GetValue<string>() ?? throw Invalid(source, "no peft_type", null);
        if (type == "LORA") return;
        throw Unsupported(source, $"peft_type {type}");
    }

    private static PeftStudioException Unsupported(string source, string what) => new(
        ErrorCodes.UnsupportedAdapterMethod, "adapter uses a method that is not supported", $"{source}: {what}",
        "LORA on linear modules, with rsLoRA and patterns, is supported; nothing was loaded",
        "use an adapter without this option, or merge it into its base with PEFT first");

    private static PeftStudioException Invalid(string source, string found, Exception? cause) => new(
        ErrorCodes.InvalidAdapterConfiguration, "adapter configuration is not usable", source, found,
        "compare adapter_config.json with the one that PEFT wrote", cause);

    private static int Positive(JsonObject root, string name, int missing, string source)
    {
        var value = root[name]?.GetValue<int>() ?? missing;
        return value > 0 ? value : throw Invalid(source, $"'{name}' is {value}; it must be at least 1", null);
    }

    private static TargetModules? ReadModules(JsonNode? node) => node switch
    {
        null => null,
        JsonArray list => TargetModules.Named(list.Select(n => n!.GetValue<string>())),
        _ => TargetModules.Matching(node.GetValue<string>()),
    };

    private static JsonNode? WriteModules(TargetModules? modules) => modules switch
    {
        null => null,
        { Pattern: { } pattern } => pattern,
        _ => new JsonArray([.. modules.Names!.Select(n => (JsonNode)n)]),
    };

    private static T[] ReadList<T>(JsonNode? node, Func<JsonNode, T> read) => node switch
    {
        null => [],
        JsonArray list => [.. list.Select(n => read(n!))],
        _ => [read(node)],
    };

    private static KeyValuePair<string, T>[] ReadPattern<T>(JsonNode? node, Func<JsonNode, T> read) =>
        node is null ? [] : [.. node.AsObject().Select(p => KeyValuePair.Create(p.Key, read(p.Value!)))];

    private static LoraInitialization ReadInitialization(JsonNode? node, string source)
    {
        if (node is null) return LoraInitialization.Default;
        if (node.GetValueKind() is JsonValueKind.True or JsonValueKind.False) return node.GetValue<bool>() ? LoraInitialization.Default : LoraInitialization.Random;
        return node.GetValue<string>() switch
        {
            "gaussian" => LoraInitialization.Gaussian,
            var name when NeutralInitializations.Contains(name) => LoraInitialization.Default,
            var name => throw Unsupported(source, $"init_lora_weights '{name}', which changes the base weights"),
        };
    }

    private static bool IsCarriedInitialization(KeyValuePair<string, JsonNode?> field) =>
        field.Key == "init_lora_weights" && field.Value?.GetValueKind() == JsonValueKind.String && NeutralInitializations.Contains(field.Value.GetValue<string>());

    // Python prints a float with a fraction; alphas are whole numbers in the files that people have.
    private static JsonNode Number(double value, bool integral) => integral && value == Math.Truncate(value)
        ? JsonValue.Create((long)value)
        : JsonNode.Parse(value == Math.Truncate(value) ? value.ToString("F1", CultureInfo.InvariantCulture) : value.ToString("R", CultureInfo.InvariantCulture))!;

    /// <summary>As Python's <c>json.dump(indent=2, sort_keys=True)</c>: sorted, ASCII, no final newline.</summary>
    private static string Print(JsonObject root)
    {
        var sorted = new JsonObject(root.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        var options = new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        var text = sorted.ToJsonString(options).ReplaceLineEndings("\n");
        var ascii = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c < 0x7F) ascii.Append(c);
            else ascii.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return ascii.ToString();
    }
}
