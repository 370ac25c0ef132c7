namespace PeftStudio.Training.Data.Internal;

/// <summary>
/// The 32-bit Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), seeded as torch seeds its CPU generator: only the low 32 bits of the seed count.
/// It exists so that the order of rows needs no native library and equals that of a PyTorch run with the same seed.
/// </summary>
internal sealed class MersenneTwister
{
    private const int Size = 624;
    private const int Offset = 397;

    private readonly uint[] state = new uint[Size];
    private int next = Size;

    internal MersenneTwister(long seed)
    {
        state[0] = unchecked((uint)seed);
        for (var i = 1; i < Size; i++)
        {
            var previous = state[i - 1];
            state[i] = unchecked((1_812_433_253u * (previous ^ (previous >> 30))) + (uint)i);
        }
    }

    /// <summary>32 random bits.</summary>
    internal uint Next()
    {
        if (next == Size) Regenerate();
        var y = state[next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680u;
        y ^= (y << 15) & 0xefc6_0000u;
        return y ^ (y >> 18);
    }

    private void Regenerate()
    {
        for (var i = 0; i < Size; i++)
        {
            var mixed = (state[i] & 0x8000_0000u) | (state[(i + 1) % Size] & 0x7fff_ffffu);
            var twist = (mixed & 1) == 0 ? 0u : 0x9908_b0dfu;
            state[i] = state[(i + Offset) % Size] ^ (mixed >> 1) ^ twist;
        }

        next = 0;
    }
}
