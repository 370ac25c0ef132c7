using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PeftStudio.Inference.Kernels;

namespace PeftStudio.Inference.Numerics;

/// <summary>IEEE binary32: nothing is ever rounded.</summary>
internal readonly unsafe struct Float32(float value) : IElement<Float32>
{
    private readonly float _value = value;

    public static float Widen(Float32 value) => value._value;

    public static Float32 Narrow(float value) => new(value);

    public static float Round(float value) => value;

    public static void Widen(ReadOnlySpan<Float32> source, Span<float> destination) => MemoryMarshal.Cast<Float32, float>(source).CopyTo(destination);

    public static void Narrow(ReadOnlySpan<float> source, Span<Float32> destination) => MemoryMarshal.Cast<float, Float32>(source).CopyTo(destination);

    public static void Round(Span<float> values)
    {
    }

    public static nint PanelLength(nint columns) => columns * PanelLayout.Rows;

    public static nint PanelIndex(int lane, nint column) => (column * PanelLayout.Rows) + lane;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LoadPanel<TLanes, TVector>(Float32* panel, int column, int firstLane)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Load((float*)panel + (column * PanelLayout.Rows) + firstLane);
}
