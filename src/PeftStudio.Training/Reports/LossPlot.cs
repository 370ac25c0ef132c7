using System.Globalization;
using ScottPlot;

namespace PeftStudio.Training.Reports;

/// <summary>
/// Draws a loss curve as a PNG: the loss of each step, a smoothed line through it, and the held-out losses. Needs no font and no fontconfig on the machine.
/// </summary>
public static class LossPlot
{
    // Twice the pixels of the layout, so that text is sharp on dense screens.
    private const int Width = 1600;
    private const int Height = 900;
    private const float Scale = 1.6f;

    // Beyond this a plot shows nothing but the outlier, and the axis arithmetic nears the range of a double.
    private const double LargestLoss = 1e30;

    private static readonly Color Raw = Color.FromHex("#9DB8DD");
    private static readonly Color Smoothed = Color.FromHex("#1F4E9E");
    private static readonly Color HeldOut = Color.FromHex("#D1601F");
    private static readonly Color Broken = Color.FromHex("#B00020");

    /// <summary>Writes the plot; a file of that name is replaced as a whole or not at all.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="curve">What to draw. Losses that are no finite number are left out and counted in the legend, with a line at the first.</param>
    /// <param name="cancellationToken">Stops before the file is replaced.</param>
    /// <exception cref="PeftStudioException">
    /// PS1601: the drawing library cannot be loaded. PS1701: the disk is full. PS1702: the file cannot be written.
    /// </exception>
    public static Task WriteAsync(string path, LossCurve curve, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return WholeFile.WriteAsync(path, Render(curve), cancellationToken);
    }

    /// <summary>Draws the plot.</summary>
    /// <param name="curve">What to draw.</param>
    /// <returns>A PNG of 1600 × 900 pixels.</returns>
    /// <exception cref="PeftStudioException">PS1601: the drawing library cannot be loaded.</exception>
    public static byte[] Render(LossCurve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        try
        {
            EmbeddedFont.Register();
            using var plot = Create(curve);
            using var image = plot.GetImage(Width, Height);
            return image.GetImageBytes(ImageFormat.Png);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new PeftStudioException(ErrorCodes.NativeLibraryUnavailable, "the drawing library cannot be loaded", "a loss plot (SkiaSharp)",
                e.GetBaseException().Message, "reference the SkiaSharp.NativeAssets package of this platform; training does not need it", e);
        }
    }

    private static Plot Create(LossCurve curve)
    {
        var plot = new Plot { ScaleFactor = Scale };
        plot.Title(curve.Title);
        plot.XLabel("step");
        plot.YLabel("loss (nats a token)");
        var training = curve.Training.Where(IsPlotted).ToArray();
        var heldOut = curve.HeldOut.Where(IsPlotted).ToArray();
        AddTraining(plot, training);
        AddHeldOut(plot, heldOut);
        AddBroken(plot, [.. curve.Training.Concat(curve.HeldOut).Where(p => !IsPlotted(p))]);
        if (training.Length + heldOut.Length == 0)
        {
            plot.Axes.SetLimits(0, 1, 0, 1);
            plot.Add.Text("no loss was recorded", 0.5, 0.5).LabelAlignment = Alignment.MiddleCenter;
        }

        plot.ShowLegend(Alignment.UpperRight);
        UseEmbeddedFont(plot);
        return plot;
    }

    private static bool IsPlotted(LossPoint point) => Math.Abs(point.Loss) <= LargestLoss;

    private static void AddTraining(Plot plot, LossPoint[] points)
    {
        if (points.Length == 0) return;
        var steps = Array.ConvertAll(points, p => (double)p.Step);
        var losses = Array.ConvertAll(points, p => p.Loss);
        var raw = plot.Add.Scatter(steps, losses, Raw);
        raw.LegendText = "training loss";
        raw.MarkerSize = points.Length == 1 ? 6 : 0;
        raw.LineWidth = 1;
        var smoothed = plot.Add.ScatterLine(steps, LossSmoothing.Smooth(losses), Smoothed);
        smoothed.LegendText = "smoothed";
        smoothed.LineWidth = 2;
    }

    private static void AddHeldOut(Plot plot, LossPoint[] points)
    {
        if (points.Length == 0) return;
        var line = plot.Add.Scatter(Array.ConvertAll(points, p => (double)p.Step), Array.ConvertAll(points, p => p.Loss), HeldOut);
        line.LegendText = "held-out loss";
        line.MarkerSize = 7;
        line.LineWidth = 1.5f;
    }

    private static void AddBroken(Plot plot, LossPoint[] points)
    {
        if (points.Length == 0) return;
        var first = plot.Add.VerticalLine(points.Min(p => p.Step), 1.5f, Broken, LinePattern.Dashed);
        first.LegendText = string.Create(CultureInfo.InvariantCulture, $"not a finite number ({points.Length} ×)");
    }

    private static void UseEmbeddedFont(Plot plot)
    {
        plot.Axes.Title.Label.FontName = EmbeddedFont.Name;
        plot.Legend.FontName = EmbeddedFont.Name;
        foreach (var axis in plot.Axes.GetAxes())
        {
            axis.Label.FontName = EmbeddedFont.Name;
            axis.TickLabelStyle.FontName = EmbeddedFont.Name;
        }

        foreach (var text in plot.GetPlottables<ScottPlot.Plottables.Text>()) text.LabelFontName = EmbeddedFont.Name;
    }
}
