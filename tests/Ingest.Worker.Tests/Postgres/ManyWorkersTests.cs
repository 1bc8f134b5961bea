using Dapper;
using Ingest.Rules;
using Ingest.Tests;
using Ingest.Worker.Ledger;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Tests.Postgres;

/// <summary>Several services on one root: one watches, all work, and who was taken for gone can write nothing more about what it held.</summary>
internal sealed class ManyWorkersTests
{
    [Test]
    public async Task One_of_two_watches_and_the_other_takes_over_when_it_ends()
    {
        await using var pair = await Pair.StartAsync();
        await pair.Root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        pair.Root.Drop("UMU", "b.csv", Rvf.Csv(Rvf.Row(Rvf.Bo)));

        await pair.Second.Service.StepAsync(null, CancellationToken.None);
        Assert.That(pair.Root.Names("in", "UMU"), Is.EqualTo(Just.These("b.csv")), "only the first takes files");

        await pair.RemoveFirstAsync();
        await pair.Second.Service.StepAsync(null, CancellationToken.None);
        Assert.That(pair.Root.Receipt("b.csv").Text("status"), Is.EqualTo("accepted"));
    }

    [Test]
    public async Task A_worker_that_was_taken_for_gone_takes_no_file_and_commits_none()
    {
        await using var pair = await Pair.StartAsync();
        var first = pair.Root.App;
        var mine = await first.Ledger.ClaimAsync("UMU", "a.csv", false, pair.Root.Clock.GetUtcNow(), new DateOnly(2026, 1, 19), null, CancellationToken.None);
        File.WriteAllText(first.Root.ClaimOf("UMU", FileId.Text(mine.Id)), Rvf.Csv(Rvf.Row()));

        await pair.RemoveFirstAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => first.Ledger.ClaimAsync("UMU", "b.csv", false, pair.Root.Clock.GetUtcNow(), new DateOnly(2026, 1, 19), null, CancellationToken.None), Throws.TypeOf<HoldLostException>());
            Assert.That(() => first.Worker.WorkAsync(mine, first.Schools.Current.Find("UMU"), CancellationToken.None), Throws.TypeOf<HoldLostException>());
            Assert.That(() => first.Close.CommitAsync(new DateOnly(2026, 1, 19), CancellationToken.None), Throws.TypeOf<HoldLostException>());
            Assert.That(() => first.Ledger.SetStateAsync(mine, FileState.Archived, CancellationToken.None), Throws.TypeOf<HoldLostException>());
        }

        // Whoever has taken over does all of it, once.
        await pair.Second.Service.StepAsync(null, CancellationToken.None);
        Assert.That(pair.Root.Receipt("a.csv").Text("status"), Is.EqualTo("accepted"));
        await first.Service.StepAsync(null, CancellationToken.None);
        using var connection = first.Ledger.Open();
        Assert.That(connection.Query<string>("SELECT name FROM file ORDER BY id"), Is.EqualTo(Just.These("a.csv")));
    }

    [Test]
    public async Task A_school_that_another_has_in_hand_is_left_alone_and_the_others_are_not()
    {
        await using var pair = await Pair.StartAsync();
        var (first, second) = (pair.Root.App, pair.Second);
        Assert.That(await first.Ledger.TakeHoldAsync("KTH", second.Ledger.Worker!.Value, CancellationToken.None), Is.True);

        pair.Root.Drop("KTH", "k.csv", Rvf.Csv(Rvf.Row()));
        pair.Root.Drop("UMU", "u.csv", Rvf.Csv(Rvf.Row()));
        await pair.Root.StepAsync();
        Assert.That((pair.Root.Out("KTH").Count, pair.Root.Out().Count > 0), Is.EqualTo((0, true)), "taken by the one that watches, worked by the one that holds the school");

        await second.Service.StepAsync(null, CancellationToken.None);
        Assert.That(pair.Root.Receipt("k.csv", "KTH").Text("status"), Is.Not.Empty);
    }

    [Test]
    public async Task A_file_that_a_crash_left_in_quarantine_is_settled_at_the_next_start_and_its_folder_is_nobodys()
    {
        await using var pair = await Pair.StartAsync();
        var left = await pair.Root.App.Ledger.ClaimAsync("OKÄND", "a.csv", false, pair.Root.Clock.GetUtcNow(), new DateOnly(2026, 1, 19), null, CancellationToken.None);
        await File.WriteAllTextAsync(pair.Root.At("quarantine", $"{FileId.Text(left.Id)}_a.csv"), "");

        await pair.Root.RestartAsync(pair.Root.Clock.GetUtcNow());

        Assert.That(pair.Root.App.Ledger.File(left.Id)!.State, Is.EqualTo(FileState.Quarantined));
        Assert.That(pair.Root.App.Ledger.Workers().SelectMany(w => w.Holds), Is.EqualTo(Just.These(LedgerDatabase.Watch)));
    }

    [Test]
    public async Task A_window_closes_once_whoever_looks()
    {
        await using var pair = await Pair.StartAsync();
        await pair.Root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        pair.Root.Clock.Set(TestRoot.Winter("2026-01-19T15:00:03"));
        await Task.WhenAll(pair.Root.StepAsync(), pair.Second.Service.StepAsync(null, CancellationToken.None));
        await pair.RemoveFirstAsync();
        await pair.Second.Service.StepAsync(null, CancellationToken.None);

        var window = pair.Second.Ledger.Windows().Single();
        Assert.That((window.Date, window.Delivered is not null), Is.EqualTo((new DateOnly(2026, 1, 19), true)));
    }

    [Test]
    public async Task Status_says_who_is_at_work_and_with_what()
    {
        await using var pair = await Pair.StartAsync();
        var workers = ServiceStatus.Of(pair.Second).Workers;
        Assert.That(workers.Select(w => w.Name + (w.Holds.Contains(LedgerDatabase.Watch) ? " watches" : "")), Is.EqualTo(Just.These("a watches", "b")));

        var text = (await Cli.RunAsync("status", "--root", pair.Root.Folder, "--Ledger:ConnectionString=" + pair.Root.Settings.Ledger.ConnectionString)).Out.Split('\n');
        Assert.That(text, Has.One.Matches(@"^a +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +mapparna och fönstren$").And.One.Matches(@"^b .* -$"));
    }

    [Test]
    public async Task Two_of_one_name_are_refused_and_the_refusal_says_what_to_do()
    {
        await using var pair = await Pair.StartAsync();
        var refused = Assert.Throws<StartException>(() => IngestApp.Open(pair.Root.Settings, TestRoot.Files, pair.Root.Clock, NullLoggerFactory.Instance).Dispose());
        Assert.That(refused!.Message, Does.EndWith("med namnet a. Stoppa den först, eller ge den här ett eget namn: --Worker:Name=a-2."));
    }

    [Test]
    public async Task A_root_with_its_ledger_on_a_server_takes_no_service_with_its_own()
    {
        await using var pair = await Pair.StartAsync();
        var settings = new IngestSettings { Root = pair.Root.Folder };
        Assert.That(() => IngestApp.Open(settings, TestRoot.Files, pair.Root.Clock, NullLoggerFactory.Instance).Dispose(), Throws.TypeOf<StartException>().With.Message.Contains("En annan tjänst arbetar redan"));
    }

    /// <summary>Two services, a and b, in this process; a was first, and so has the watch.</summary>
    private sealed class Pair : IAsyncDisposable
    {
        private readonly PostgresCluster cluster;

        private Pair(PostgresCluster cluster, TestRoot root, IngestApp second) => (this.cluster, Root, Second) = (cluster, root, second);

        public TestRoot Root { get; }

        public IngestApp Second { get; }

        public static async Task<Pair> StartAsync()
        {
            var cluster = await PostgresCluster.StartAsync(durable: false);
            var database = await cluster.CreateDatabaseAsync();
            var root = await TestRoot.StartAsync(s => (s.Ledger.ConnectionString, s.Worker.Name) = (database, "a"));
            var settings = new IngestSettings { Root = root.Folder, Ledger = { ConnectionString = database }, Worker = { Name = "b" }, Pickup = root.Settings.Pickup };
            var second = IngestApp.Open(settings, TestRoot.Files, root.Clock, NullLoggerFactory.Instance);
            await second.Service.StartAsync(CancellationToken.None);
            return new Pair(cluster, root, second);
        }

        /// <summary>As the others do when it has not been heard from.</summary>
        public async Task RemoveFirstAsync()
        {
            var first = Second.Ledger.Workers().Single(w => w.Name == "a");
            Assert.That(await Second.Ledger.RemoveWorkerAsync(first.Id, first.Beat, CancellationToken.None), Is.True);
        }

        public async ValueTask DisposeAsync()
        {
            Second.Dispose();
            Root.Dispose();
            await cluster.DisposeAsync();
        }
    }
}
