namespace PeftStudio.Training.Data;

/// <summary>How a dataset file holds its rows. Any of them may be compressed with gzip.</summary>
public enum DatasetFormat
{
    /// <summary>One JSON object a line.</summary>
    JsonLines,

    /// <summary>One JSON array of objects.</summary>
    Json,

    /// <summary>Comma-separated (or semicolon-separated) values with a header line.</summary>
    Csv,

    /// <summary>Tab-separated values with a header line.</summary>
    Tsv,

    /// <summary>Apache Parquet.</summary>
    Parquet,

    /// <summary>Plain text: the whole file is one stream of tokens.</summary>
    Text,
}
