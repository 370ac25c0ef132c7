namespace PeftStudio.Formats.Gguf;

/// <summary>How a model is written as a GGUF file.</summary>
public sealed record GgufExportOptions
{
    /// <summary>What most weights are stored as. Bfloat16 unless set, which keeps the range of every checkpoint.</summary>
    public GgufFileType FileType { get; init; } = GgufFileType.BF16;

    /// <summary><c>general.name</c>; the folder's name unless set.</summary>
    public string? Name { get; init; }

    /// <summary>Further metadata, such as <c>general.license</c>; replaces what the export would write.</summary>
    public IReadOnlyDictionary<string, GgufValue> Metadata { get; init; } = new Dictionary<string, GgufValue>();
}

/// <summary>What an export wrote.</summary>
/// <param name="Path">The file.</param>
/// <param name="Tensors">Its tensors with their types.</param>
/// <param name="Warnings">What the file's readers do otherwise than the source.</param>
public sealed record GgufExportResult(string Path, IReadOnlyList<GgufTensor> Tensors, IReadOnlyList<string> Warnings);

/// <summary>How far an export is.</summary>
/// <param name="Tensor">Tensor that is being written.</param>
/// <param name="WrittenBytes">Bytes of tensor data written so far.</param>
/// <param name="TotalBytes">Bytes of all tensor data.</param>
public sealed record GgufProgress(string Tensor, long WrittenBytes, long TotalBytes);
