using System.Buffers.Binary;
using System.IO.Compression;

namespace PeftStudio.Training.Data.Internal;

/// <summary>
/// A dataset file, unpacked: forward only. It counts what comes out, so that a small archive cannot unpack without end, and reports progress.
/// </summary>
internal sealed class DatasetStream : Stream
{
    private const long ReportEvery = 4 << 20;

    private readonly FileStream file;
    private readonly Stream inner;
    private readonly string path;
    private readonly DatasetOptions options;
    private long unpacked;
    private long reported;

    internal DatasetStream(string path, bool compressed, DatasetOptions options)
    {
        this.path = path;
        this.options = options;
        file = DatasetErrors.Guard(path, () => new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 1 << 16,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        }));
        inner = compressed ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>Rows that were read so far, for progress reports.</summary>
    internal long Rows { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count;
        try
        {
            count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw DatasetErrors.Damaged(path, "it ends too early or its bytes are not those of its format", e);
        }

        if (count == 0 && buffer.Length > 0 && inner != file) CheckTrailer();
        unpacked += count;
        if (unpacked > options.MaximumBytes) throw DatasetErrors.TooLarge(path, "unpacked", unpacked, options.MaximumBytes);
        if (file.Position - reported >= ReportEvery) Report();
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    /// <summary>
    /// The runtime takes the end of a file that was cut off for the end of its content, so the length that gzip keeps in the last four bytes is compared.
    /// </summary>
    private void CheckTrailer()
    {
        Span<byte> trailer = stackalloc byte[4];
        var count = RandomAccess.Read(file.SafeFileHandle, trailer, Math.Max(0, file.Length - trailer.Length));
        if (count < trailer.Length || BinaryPrimitives.ReadUInt32LittleEndian(trailer) != unchecked((uint)unpacked))
        {
            throw DatasetErrors.Damaged(path, "it ends too early, or it is several gzip files in one");
        }
    }

    /// <summary>Tells the listener how far reading is.</summary>
    internal void Report()
    {
        reported = file.Position;
        options.Progress?.Report(new DatasetProgress(reported, file.Length, Rows));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
