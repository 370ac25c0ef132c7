namespace PeftStudio.Inference.Numerics;

/// <summary>
/// An element type of weights, activations and caches. Arithmetic is always float32; an element type says how values are stored,
/// and so where they are rounded. The interpreter is generic over it and knows no type by name.
/// </summary>
/// <remarks>
/// Panels hold 16 rows side by side: a vector lane is a row, so that a product needs no sum across lanes.
/// <see cref="PanelLength"/> and <see cref="PanelIndex"/> say where an element of one lies, <see cref="LoadPanel"/> reads it back.
/// </remarks>
/// <typeparam name="TSelf">The implementing type.</typeparam>
internal unsafe interface IElement<TSelf>
    where TSelf : unmanaged, IElement<TSelf>
{
    /// <summary>The value as float32, exact.</summary>
    static abstract float Widen(TSelf value);

    /// <summary>The nearest value of this type, ties to even.</summary>
    static abstract TSelf Narrow(float value);

    /// <summary><see cref="Narrow(float)"/> and <see cref="Widen(TSelf)"/> again.</summary>
    static abstract float Round(float value);

    /// <summary>Widens element by element.</summary>
    static abstract void Widen(ReadOnlySpan<TSelf> source, Span<float> destination);

    /// <summary>Narrows element by element.</summary>
    static abstract void Narrow(ReadOnlySpan<float> source, Span<TSelf> destination);

    /// <summary>Rounds in place to values that this type can hold.</summary>
    static abstract void Round(Span<float> values);

    /// <summary>Elements of a panel of 16 rows.</summary>
    static abstract nint PanelLength(nint columns);

    /// <summary>Where an element lies in its panel.</summary>
    /// <param name="lane">Row in the panel, 0 to 15.</param>
    /// <param name="column">Column.</param>
    static abstract nint PanelIndex(int lane, nint column);

    /// <summary>Loads one column of a panel.</summary>
    /// <param name="panel">Points to a column whose number is a multiple of four.</param>
    /// <param name="column">0 to 3, counted from there; a constant in the caller.</param>
    /// <param name="firstLane">First row of the vector: a multiple of its length.</param>
    static abstract TVector LoadPanel<TLanes, TVector>(TSelf* panel, int column, int firstLane)
        where TLanes : struct, Kernels.ILanes<TVector>
        where TVector : struct;
}
