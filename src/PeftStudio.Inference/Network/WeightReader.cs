using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;
using PeftStudio.Formats.Blueprints;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Formats.Tensors;
using PeftStudio.Inference.Kernels;
using PeftStudio.Inference.Memory;
using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference.Network;

/// <summary>Reads tensors of a checkpoint into the form that kernels use, 16 rows at a time, and merges low-rank updates on the way.</summary>
/// <param name="checkpoint">Where the tensors lie.</param>
/// <param name="merged">Updates that become part of the weights, by linear path.</param>
/// <param name="threads">Threads that read and pack.</param>
/// <param name="cancellationToken">Checked between panels.</param>
internal sealed class WeightReader(Checkpoint checkpoint, IReadOnlyDictionary<string, LinearDelta> merged, int threads, CancellationToken cancellationToken)
{
    /// <summary>A norm's weight or a bias, as float32 values that the element type can hold.</summary>
    internal float[] Vector<T>(string name)
        where T : unmanaged, IElement<T>
    {
        var values = checkpoint.ReadFloats(name);
        T.Round(values);
        return values;
    }

    /// <summary>A bias in native memory, or null when the linear has none.</summary>
    internal NativeBuffer<float>? Bias<T>(LinearBlueprint linear)
        where T : unmanaged, IElement<T>
    {
        if (!linear.HasBias) return null;
        var bias = new NativeBuffer<float>(linear.OutFeatures);
        Vector<T>(linear.BiasName).CopyTo(bias.Span(0, linear.OutFeatures));
        return bias;
    }

    /// <summary>A linear's weight [out, in] with the update of its path merged.</summary>
    internal PanelMatrix<T> Weight<T>(LinearBlueprint linear)
        where T : unmanaged, IElement<T>
    {
        var delta = merged.GetValueOrDefault(linear.Path);
        return linear.IsTransposed
            ? Transposed<T>(linear, delta)
            : Matrix<T>(linear.WeightName, linear.OutFeatures, linear.InFeatures, delta);
    }

    /// <summary>A tensor [rows, columns] with an update merged.</summary>
    internal PanelMatrix<T> Matrix<T>(string name, int rows, int columns, LinearDelta? delta)
        where T : unmanaged, IElement<T>
    {
        var info = checkpoint.Info(name);
        var rowBytes = columns * TensorTypes.BitsOf(info.Type) / 8;
        return Fill<T>(rows, columns, delta, () =>
        {
            var bytes = new byte[checked(PanelLayout.Rows * rowBytes)];
            return (first, values) =>
            {
                var raw = bytes.AsSpan(0, values.Length / columns * rowBytes);
                checkpoint.Read(name, (long)first * rowBytes, raw);
                FloatConversion.ToFloats(info, raw, values);
            };
        });
    }

    // The file holds [in, out]; the whole tensor is read first, as its rows are the columns here.
    private PanelMatrix<T> Transposed<T>(LinearBlueprint linear, LinearDelta? delta)
        where T : unmanaged, IElement<T>
    {
        var (rows, columns) = (linear.OutFeatures, linear.InFeatures);
        var file = checkpoint.ReadFloats(linear.WeightName);
        return Fill<T>(rows, columns, delta, () => (first, values) =>
        {
            for (var i = 0; i < values.Length; i++) values[i] = file[((i % columns) * rows) + first + (i / columns)];
        });
    }

    private delegate void ReadRows(int first, Span<float> values);

    private PanelMatrix<T> Fill<T>(int rows, int columns, LinearDelta? delta, Func<ReadRows> reader)
        where T : unmanaged, IElement<T>
    {
        var matrix = new PanelMatrix<T>(rows, columns);
        try
        {
            Parallel.For(
                0, matrix.Panels, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
                () => (Read: reader(), Values: new float[checked(PanelLayout.Rows * columns)]),
                (panel, _, local) =>
                {
                    var first = panel * PanelLayout.Rows;
                    var values = local.Values.AsSpan(0, Math.Min(PanelLayout.Rows, rows - first) * columns);
                    local.Read(first, values);
                    if (delta is not null) Merge(delta, first, columns, values);
                    matrix.PackPanel(panel, values);
                    return local;
                },
                static _ => { });
            return matrix;
        }
        catch (AggregateException e)
        {
            matrix.Dispose();
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            throw;
        }
        catch
        {
            matrix.Dispose();
            throw;
        }
    }

    // W += scale · B·A in float32; packing then rounds the sum once, as PEFT's plain merge does.
    private static void Merge(LinearDelta delta, int first, int columns, Span<float> values)
    {
        for (var row = 0; row < values.Length / columns; row++)
        {
            var target = values.Slice(row * columns, columns);
            for (var r = 0; r < delta.Rank; r++)
            {
                var factor = delta.Scale * delta.B[((first + row) * delta.Rank) + r];
                TensorPrimitives.MultiplyAdd(delta.A.AsSpan(r * columns, columns), factor, target, target);
            }
        }
    }
}
