using System.Security.Cryptography;
using PeftStudio.Training.Data.Internal;

namespace PeftStudio.Training.Data;

/// <summary>Tells whether two trainings, or a training and its resumption, saw the same data.</summary>
/// <param name="Sha256">SHA-256 of the file as it lies on disk, in lower-case hexadecimal.</param>
/// <param name="Rows">Rows that were made of it.</param>
/// <param name="Tokens">Tokens of these rows.</param>
public sealed record DataFingerprint(string Sha256, long Rows, long Tokens)
{
    internal static async Task<DataFingerprint> CreateAsync(string path, long rows, long tokens, CancellationToken cancellationToken)
    {
        var file = DatasetErrors.Guard(path, () => new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan));
        await using var closing = file.ConfigureAwait(false);
        var hash = await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false);
        return new DataFingerprint(Convert.ToHexStringLower(hash), rows, tokens);
    }
}
