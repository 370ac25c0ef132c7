namespace PeftStudio.Training.Reports;
internal static class LossPlot { internal static void Write(string path, IReadOnlyList<(int Step, double Loss)> training, IReadOnlyList<(int Step, double Loss)> heldOut) { } }
