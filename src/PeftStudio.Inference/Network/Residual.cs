using System.Numerics.Tensors;
using PeftStudio.Inference.Numerics;
using PeftStudio.Inference.Threading;

namespace PeftStudio.Inference.Network;

/// <summary>Adds the result of a block to the residual stream; the sum is rounded to the element type.</summary>
internal static unsafe class Residual
{
    private const int WorthSharing = 16_384;

    /// <summary>hidden += branch, [rows, width] both.</summary>
    internal static void Add<T>(Pass<T> pass, T* hidden, T* branch, int width)
        where T : unmanaged, IElement<T>
    {
        var share = new Share<T>(pass, hidden, branch, width);
        pass.Crew.Run(ref share, pass.Rows * width >= WorthSharing);
    }

    private readonly struct Share<T>(Pass<T> pass, T* hidden, T* branch, int width) : IShare
        where T : unmanaged, IElement<T>
    {
        public void Run(int part, int parts)
        {
            var memory = pass.Parts[part].Row.Reserve(2 * width);
            var sum = new Span<float>(memory, width);
            var added = new Span<float>(memory + width, width);
            for (var i = part; i < pass.Rows; i += parts)
            {
                var target = new Span<T>(hidden + ((nint)i * width), width);
                T.Widen(target, sum);
                T.Widen(new ReadOnlySpan<T>(branch + ((nint)i * width), width), added);
                TensorPrimitives.Add(sum, added, sum);
                T.Narrow(sum, target);
            }
        }
    }
}
