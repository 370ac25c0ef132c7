using PeftStudio.Inference.Threading;

namespace PeftStudio.Inference.Tests.Threading;

[TestFixture]
public sealed class ThreadTeamTests
{
    [Test]
    public void Every_part_is_run_once_each_time([Values(1, 2, 3, 5)] int size)
    {
        using var team = new ThreadTeam(size);
        var counts = new int[size];
        for (var i = 0; i < 2_000; i++)
        {
            var share = new Count(counts);
            team.Run(ref share);
        }

        Assert.That(counts, Is.All.EqualTo(2_000));
    }

    [Test]
    public void Work_goes_on_after_the_threads_have_fallen_asleep()
    {
        using var team = new ThreadTeam(3);
        var counts = new int[3];
        for (var i = 0; i < 20; i++)
        {
            var share = new Count(counts);
            team.Run(ref share);
            for (var spin = 0; spin < 200; spin++) Thread.Yield();
        }

        Assert.That(counts, Is.All.EqualTo(20));
    }

    [Test]
    public void An_exception_of_any_part_reaches_the_caller_and_the_team_stays_usable([Values(0, 1, 2)] int part)
    {
        using var team = new ThreadTeam(3);
        Assert.That(() => { var share = new Fail(part); team.Run(ref share); }, Throws.InvalidOperationException.With.Message.EqualTo($"part {part}"));
        var counts = new int[3];
        var next = new Count(counts);
        team.Run(ref next);
        Assert.That(counts, Is.All.EqualTo(1));
    }

    [Test]
    public void A_crew_without_the_team_does_all_parts_alone()
    {
        using var team = new ThreadTeam(2);
        using var first = Crew.Gather(team);
        using var second = Crew.Gather(team);
        Assert.That(first.Size, Is.EqualTo(2));
        Assert.That(second.Size, Is.EqualTo(1));
        var counts = new int[2];
        var share = new Count(counts);
        second.Run(ref share);
        Assert.That(counts, Is.EqualTo(new[] { 1, 0 }));
    }

    [Test]
    public void A_team_can_be_taken_again_after_its_release()
    {
        using var team = new ThreadTeam(2);
        using (Crew.Gather(team)) Assert.That(team.TryTake(), Is.False);
        Assert.That(team.TryTake());
    }

    private readonly struct Count(int[] counts) : IShare
    {
        public void Run(int part, int parts) => Interlocked.Increment(ref counts[part]);
    }

    private readonly struct Fail(int failing) : IShare
    {
        public void Run(int part, int parts)
        {
            if (part == failing) throw new InvalidOperationException($"part {part}");
        }
    }
}
