using PeftStudio.TestSupport;
using PeftStudio.Training.Reports;
using ScottPlot;
using SkiaSharp;

namespace PeftStudio.Training.Tests.Reports;

[TestFixture]
public sealed class LossPlotTests
{
    private static readonly LossCurve Curve = new()
    {
        Title = "stories260k · LoRA r=16 · run 7f3a",
        Training = [.. Enumerable.Range(1, 200).Select(i => new LossPoint(i, 1.2 + (2.5 * Math.Exp(-i / 60.0)) + (0.15 * Math.Sin(i * 1.7))))],
        HeldOut = [.. Enumerable.Range(0, 5).Select(i => new LossPoint(i * 50, 1.3 + (2.4 * Math.Exp(-i * 50 / 60.0))))],
    };

    private static SKBitmap Draw(LossCurve curve) => SKBitmap.Decode(LossPlot.Render(curve));

    /// <summary>Pixels darker than any line or grid of the plot, inside a rectangle given in parts of the picture: only text is that dark there.</summary>
    private static int Ink(SKBitmap picture, double left, double top, double right, double bottom)
    {
        var (pixels, width) = (picture.Pixels, picture.Width);
        var (from, to) = ((int)(left * width), (int)(right * width));
        var count = 0;
        for (var y = (int)(top * picture.Height); y < (int)(bottom * picture.Height); y++)
        {
            foreach (var pixel in pixels.AsSpan((y * width) + from, to - from))
            {
                if (pixel is { Red: < 100, Green: < 100, Blue: < 100 }) count++;
            }
        }

        return count;
    }

    [Test]
    public void A_plot_is_a_PNG_of_its_size()
    {
        using var picture = Draw(Curve);
        Assert.That((picture.Width, picture.Height), Is.EqualTo((1600, 900)));
    }

    [Test]
    public void Title_and_labels_are_really_drawn()
    {
        using var picture = Draw(Curve);
        using var dot = Draw(Curve with { Title = "." });
        Assert.That(Ink(dot, 0, 0, 1, 0.06), Is.LessThan(50), "a dot for a title");
        Assert.That(Ink(picture, 0.3, 0, 0.7, 0.06), Is.GreaterThan(500), "title");
        Assert.That(Ink(picture, 0.3, 0.96, 0.7, 1), Is.GreaterThan(80), "label of the steps");
        Assert.That(Ink(picture, 0, 0.3, 0.025, 0.7), Is.GreaterThan(200), "label of the loss");
    }

    [Test]
    public void The_font_comes_from_the_assembly_and_other_fonts_are_left_alone()
    {
        var before = Fonts.Default;
        LossPlot.Render(Curve);
        Assert.That(Fonts.Default, Is.EqualTo(before));
        Assert.That(Fonts.GetTypeface(EmbeddedFont.Name, bold: false, italic: false).FamilyName, Is.EqualTo("Open Sans"));
        Assert.That(new EmbeddedFont().CreateTypeface("Arial", bold: false, italic: false), Is.Null);
    }

    [Test]
    public void Every_letter_of_our_labels_is_in_the_font()
    {
        using var face = new EmbeddedFont().CreateTypeface(EmbeddedFont.Name, bold: false, italic: false)!;
        Assert.That(face.ContainsGlyphs("step loss (nats a token) training smoothed held-out not a finite number × no loss was recorded 0123456789.,-−eE · é ü α"));
    }

    private static IEnumerable<TestCaseData> OddCurves()
    {
        static TestCaseData Of(string name, params LossPoint[] points) => new TestCaseData(Curve with { Training = points, HeldOut = [] }).SetArgDisplayNames(name);
        yield return Of("no point");
        yield return Of("one point", new LossPoint(1, 2));
        yield return Of("not a number", new LossPoint(1, double.NaN));
        yield return Of("not a number between others", new LossPoint(1, 2), new LossPoint(2, double.NaN), new LossPoint(3, 1));
        yield return Of("infinite", new LossPoint(1, double.PositiveInfinity), new LossPoint(2, double.NegativeInfinity));
        yield return Of("as large as can be", new LossPoint(1, double.MaxValue), new LossPoint(2, 1e30), new LossPoint(3, -1e30));
        yield return Of("all the same", new LossPoint(1, 2), new LossPoint(2, 2));
        yield return Of("the same step", new LossPoint(7, 2), new LossPoint(7, 3));
        yield return new TestCaseData(Curve with { Title = "\0\u202e\ud83d 😀 " + new string('W', 5000) }).SetArgDisplayNames("odd title");
        yield return new TestCaseData(Curve with { Training = [] }).SetArgDisplayNames("held-out points only");
    }

    [TestCaseSource(nameof(OddCurves))]
    public void Odd_curves_are_drawn_all_the_same(LossCurve curve)
    {
        using var picture = Draw(curve);
        Assert.That(Ink(picture, 0, 0, 1, 1), Is.GreaterThan(500));
    }

    [Test]
    public void A_loss_that_is_no_number_is_shown_as_such()
    {
        static int Red(SKBitmap picture) => picture.Pixels.Count(p => p is { Red: > 150, Green: < 60, Blue: < 80 });

        using var sound = Draw(Curve);
        using var broken = Draw(Curve with { Training = [.. Curve.Training, new LossPoint(201, double.NaN)] });
        Assert.That((Red(sound), Red(broken) > 100), Is.EqualTo((0, true)));
    }

    [Test]
    public void Smoothing_keeps_a_constant_and_follows_a_short_curve_exactly()
    {
        Assert.That(LossSmoothing.Smooth([.. Enumerable.Repeat(3.0, 500)]), Is.All.EqualTo(3.0).Within(1e-12));
        Assert.That(LossSmoothing.Smooth([4, 2, 1]), Is.EqualTo(new[] { 4.0, 2, 1 }).Within(1e-12));
        Assert.That(LossSmoothing.Smooth([]), Is.Empty);
    }

    [Test]
    public void Plots_can_be_drawn_side_by_side() =>
        Assert.That(() => Parallel.For(0, 8, i => LossPlot.Render(Curve with { Title = $"run {i}" })), Throws.Nothing);

    [Test]
    public async Task A_file_is_replaced_as_a_whole_and_nothing_else_is_left()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("loss.png");
        await File.WriteAllTextAsync(path, "old");
        await LossPlot.WriteAsync(path, Curve);
        Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(LossPlot.Render(Curve)));
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_cancelled_write_leaves_what_was_there()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("loss.png");
        await File.WriteAllTextAsync(path, "old");
        await Assert.ThatAsync(() => LossPlot.WriteAsync(path, Curve, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await File.ReadAllTextAsync(path), Is.EqualTo("old"));
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_folder_that_is_not_there_is_named()
    {
        using var folder = new TemporaryFolder();
        var error = await Assert.CatchAsync<PeftStudioException>(() => LossPlot.WriteAsync(folder.At("none", "loss.png"), Curve));
        Assert.That(error!.Code, Is.EqualTo(ErrorCodes.OutputNotWritable));
        Assert.That(error.Message, Does.Contain("none"));
    }
}
