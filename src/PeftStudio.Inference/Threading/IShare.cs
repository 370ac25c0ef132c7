namespace PeftStudio.Inference.Threading;

/// <summary>Work that several threads do together. Results must not depend on the number of parts.</summary>
internal interface IShare
{
    /// <summary>Does one part.</summary>
    /// <param name="part">0 to <paramref name="parts"/> − 1.</param>
    /// <param name="parts">Number of parts; every part is run exactly once.</param>
    void Run(int part, int parts);
}
