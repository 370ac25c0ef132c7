namespace PeftStudio.Inference.Kernels;

/// <summary>The few vector operations that panel kernels need; one implementation a vector width.</summary>
internal unsafe interface ILanes<TVector>
    where TVector : struct
{
    /// <summary>Number of float32 lanes.</summary>
    static abstract int Count { get; }

    static abstract TVector Broadcast(float value);

    static abstract TVector Load(float* source);

    /// <summary>The lower 16 bits of each word as the upper half of a float32.</summary>
    static abstract TVector LoadLowHalves(uint* source);

    /// <summary>The upper 16 bits of each word as the upper half of a float32.</summary>
    static abstract TVector LoadHighHalves(uint* source);

    /// <summary>left · right + addend, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    static abstract TVector Add(TVector left, TVector right);

    static abstract void Store(TVector value, float* destination);
}
