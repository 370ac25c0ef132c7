using System.Buffers.Binary;
using PeftStudio.Formats.Files;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Pickle;

/// <summary>What a checkpoint file holds once its pickles are read: the root object, and where each storage's bytes lie.</summary>
/// <param name="Root">The saved object.</param>
/// <param name="Storages">Offset in the file and length in bytes by key.</param>
internal sealed record PickleArchive(object? Root, IReadOnlyDictionary<string, (long Offset, long Length)> Storages)
{
    private static readonly System.Numerics.BigInteger LegacyMagic = System.Numerics.BigInteger.Parse(
        "1950a86a20f9469cfc6c", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    private const long LegacyProtocol = 1001;

    internal static PickleArchive Read(MappedFile file) => StoredZip.Matches(file) ? ReadZip(file) : ReadLegacy(file);

    /// <summary>The zip form, since torch 1.6: one folder with <c>data.pkl</c> and <c>data/&lt;key&gt;</c>.</summary>
    private static PickleArchive ReadZip(MappedFile file)
    {
        var entries = StoredZip.Read(file);
        var root = entries.Keys.Where(n => n.EndsWith("/data.pkl", StringComparison.Ordinal) && n.IndexOf('/', StringComparison.Ordinal) == n.Length - "/data.pkl".Length).ToArray();
        if (root.Length != 1) throw PickleErrors.Invalid(file.Path, $"a zip archive with {root.Length} data.pkl entries; a checkpoint has one");
        var folder = root[0][..^"data.pkl".Length];
        if (entries.ContainsKey(folder + "constants.pkl") || entries.Keys.Any(n => n.StartsWith(folder + "code/", StringComparison.Ordinal)))
        {
            throw PickleErrors.Unsupported(file.Path, "a TorchScript program, not a checkpoint");
        }

        if (entries.TryGetValue(folder + "byteorder", out var order) && order.Length <= 16 && !Bytes(file, order.Offset, (int)order.Length).AsSpan().SequenceEqual("little"u8))
        {
            throw PickleErrors.Unsupported(file.Path, "a checkpoint of a big-endian machine");
        }

        var (offset, length) = entries[root[0]];
        if (length > PickleMachine.MostBytes) throw PickleErrors.Invalid(file.Path, $"a pickle of {length} bytes; at most {PickleMachine.MostBytes} are read");
        var data = folder + "data/";
        var storages = entries.Where(e => e.Key.StartsWith(data, StringComparison.Ordinal)).ToDictionary(e => e.Key[data.Length..], e => e.Value, StringComparer.Ordinal);
        return new(PickleMachine.Run(file.Path, Bytes(file, offset, (int)length), out _), storages);
    }

    /// <summary>The form before torch 1.6: magic number, protocol, machine, object and keys as pickles, then count and elements of each storage.</summary>
    private static PickleArchive ReadLegacy(MappedFile file)
    {
        var position = 0;
        ReadOnlyMemory<byte> code = Bytes(file, 0, (int)Math.Min(file.Length, PickleMachine.MostBytes));
        if (Next() is not System.Numerics.BigInteger magic || magic != LegacyMagic) throw PickleErrors.Invalid(file.Path, "neither a zip archive nor a pickle with PyTorch's magic number");
        if (Next() is not LegacyProtocol) throw PickleErrors.Unsupported(file.Path, "another protocol than 1001 of the form before torch 1.6");
        if (Next() is not Dictionary<object, object?> machine || machine.GetValueOrDefault("little_endian") is not true)
        {
            throw PickleErrors.Unsupported(file.Path, "a checkpoint of a big-endian machine");
        }

        var root = Next();
        if (Next() is not List<object?> keys) throw PickleErrors.Invalid(file.Path, "no list of storages after the saved object");
        return new(root, LegacyStorages(file, root, keys, position));

        object? Next()
        {
            var value = PickleMachine.Run(file.Path, code[position..], out var length);
            position += length;
            return value;
        }
    }

    private static Dictionary<string, (long Offset, long Length)> LegacyStorages(MappedFile file, object? root, List<object?> keys, long position)
    {
        // The data gives a storage's count only; its element size is known from the tensors that use it.
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var tensor in PickleTensors.Of(file.Path, root).Values) sizes[tensor.Storage.Key] = TensorTypes.BitsOf(tensor.Storage.Type ?? TensorType.U8) / 8;
        var storages = new Dictionary<string, (long Offset, long Length)>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            if (key is not string name || !sizes.TryGetValue(name, out var elementBytes)) throw PickleErrors.Unsupported(file.Path, $"storage '{key}' that no tensor of the checkpoint uses");
            if (position > file.Length - 8) throw PickleErrors.Invalid(file.Path, $"{file.Length} bytes, which end before storage '{name}'");
            var count = BinaryPrimitives.ReadInt64LittleEndian(Bytes(file, position, 8));
            position += 8;
            if (count < 0 || count > (file.Length - position) / elementBytes) throw PickleErrors.Invalid(file.Path, $"storage '{name}' of {count} elements with {file.Length - position} bytes left");
            if (!storages.TryAdd(name, (position, count * elementBytes))) throw PickleErrors.Invalid(file.Path, $"storage '{name}' twice");
            position += count * elementBytes;
        }

        return storages;
    }

    private static byte[] Bytes(MappedFile file, long offset, int count)
    {
        var bytes = new byte[count];
        file.Read(offset, bytes);
        return bytes;
    }
}
