namespace PeftStudio.Training.Reports;

/// <summary>The loss at one optimizer step.</summary>
/// <param name="Step">Steps done, from 1 (0 for an evaluation before the first).</param>
/// <param name="Loss">Mean negative log-likelihood a token, in nats; may be no finite number.</param>
public readonly record struct LossPoint(int Step, double Loss);
