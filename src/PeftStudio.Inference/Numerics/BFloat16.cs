using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using PeftStudio.Formats.Tensors;
using PeftStudio.Inference.Kernels;

namespace PeftStudio.Inference.Numerics;

/// <summary>The upper half of a binary32, rounded to nearest even.</summary>
/// <remarks>A panel keeps two columns of a row in one 32-bit word, the even one below: a shift or a mask widens 16 rows at once.</remarks>
internal readonly unsafe struct BFloat16(ushort bits) : IElement<BFloat16>
{
    private readonly ushort _bits = bits;

    public static float Widen(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value._bits << 16);

    public static BFloat16 Narrow(float value) => new(FloatConversion.ToBFloat16(value));

    public static float Round(float value) => FloatConversion.RoundToBFloat16(value);

    public static void Widen(ReadOnlySpan<BFloat16> source, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, source.Length);
        var bits = MemoryMarshal.Cast<BFloat16, ushort>(source);
        ref var from = ref MemoryMarshal.GetReference(bits);
        ref var to = ref MemoryMarshal.GetReference(destination);
        var i = 0;
        for (; i <= bits.Length - 16; i += 16)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref from, (nuint)i));
            Vector256.ShiftLeft(low, 16).AsSingle().StoreUnsafe(ref to, (nuint)i);
            Vector256.ShiftLeft(high, 16).AsSingle().StoreUnsafe(ref to, (nuint)i + 8);
        }

        for (; i < bits.Length; i++) destination[i] = BitConverter.UInt32BitsToSingle((uint)bits[i] << 16);
    }

    public static void Narrow(ReadOnlySpan<float> source, Span<BFloat16> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, source.Length);
        var bits = MemoryMarshal.Cast<BFloat16, ushort>(destination);
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(bits);
        var i = 0;
        for (; i <= source.Length - 16; i += 16)
        {
            var low = Vector256.ShiftRightLogical(RoundedBits(Vector256.LoadUnsafe(ref from, (nuint)i)), 16);
            var high = Vector256.ShiftRightLogical(RoundedBits(Vector256.LoadUnsafe(ref from, (nuint)i + 8)), 16);
            Vector256.Narrow(low, high).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < source.Length; i++) bits[i] = FloatConversion.ToBFloat16(source[i]);
    }

    public static void Round(Span<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var i = 0;
        for (; i <= values.Length - 8; i += 8)
        {
            (RoundedBits(Vector256.LoadUnsafe(ref start, (nuint)i)) & Vector256.Create(0xFFFF0000u)).AsSingle().StoreUnsafe(ref start, (nuint)i);
        }

        for (; i < values.Length; i++) values[i] = FloatConversion.RoundToBFloat16(values[i]);
    }

    public static nint PanelLength(nint columns) => (columns + 1) / 2 * 2 * PanelLayout.Rows;

    public static nint PanelIndex(int lane, nint column) => (column / 2 * 2 * PanelLayout.Rows) + (2 * lane) + (column & 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LoadPanel<TLanes, TVector>(BFloat16* panel, int column, int firstLane)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var words = (uint*)panel + (column / 2 * PanelLayout.Rows) + firstLane;
        return (column & 1) == 0 ? TLanes.LoadLowHalves(words) : TLanes.LoadHighHalves(words);
    }

    // Adds half of the last kept bit, less one bit when that bit is even; a NaN gets its quiet bit instead, as an overflow could make it infinite.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RoundedBits(Vector256<float> value)
    {
        var bits = value.AsUInt32();
        var rounded = bits + Vector256.Create(0x7FFFu) + (Vector256.ShiftRightLogical(bits, 16) & Vector256<uint>.One);
        return Vector256.ConditionalSelect(Vector256.Equals(value, value).AsUInt32(), rounded, bits | Vector256.Create(0x400000u));
    }
}
