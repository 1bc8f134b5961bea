using System.Globalization;
using Dapper;
using Ingest.Tests;
using Ingest.Worker.Commands;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Postgres;

/// <summary>A ledger whose large tables are in three parts a term, over the turn of the year: a file on 30 December, closed, and one on 2 January.</summary>
internal sealed class PostgresPartitionsTests
{
    private const int Records = 200;

    private static readonly string[] Tables = ["event", "line", "finding", "event_id", "verdict", "student_file"];

    private static PostgresCluster cluster = null!;
    private static TestRoot root = null!;

    [OneTimeSetUp]
    public static async Task PlayAsync()
    {
        cluster = await PostgresCluster.StartAsync(durable: false);
        var database = await cluster.CreateDatabaseAsync();
        root = await TestRoot.StartAsync(s => (s.Ledger.ConnectionString, s.Ledger.Partitions) = (database, 3), TestRoot.Winter("2025-12-30T10:00:00"));
        var rows = Enumerable.Range(0, Records).Select(i => Rvf.Row(Rvf.Student(i), date: "2025-12-29", id: $"h{i}")).ToArray();
        // One that is rejected, and two that the close nets.
        await root.TakeAsync("UMU", "höst.csv", Rvf.Csv([.. rows, Rvf.Row(Rvf.Student(Records), type: "NYREG"), Rvf.Row(Rvf.Anna, date: "2025-12-29"), Rvf.Row(Rvf.Anna, action: "B", date: "2025-12-29")]));
        await root.CloseAsync("2025-12-30");
        root.Clock.Set(TestRoot.Winter("2026-01-02T10:00:00"));
        await root.TakeAsync("UMU", "vår.csv", Rvf.Csv(rows));
    }

    [OneTimeTearDown]
    public static async Task EndAsync()
    {
        root.Dispose();
        await cluster.DisposeAsync();
    }

    [Test]
    public void Each_term_has_parts_of_its_own_in_which_its_rows_are()
    {
        using var connection = root.App.Ledger.Open();

        var parts = Tables.SelectMany(t => Just.These("2025h2", "2026h1").SelectMany(term => Enumerable.Range(0, 3).Select(n => $"{t}_{term}_{n}")));
        Assert.That(connection.Query<string>("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'"), Is.EquivalentTo(parts));
        foreach (var table in Tables)
            Assert.That(connection.Query<string>($"SELECT DISTINCT left(tableoid::regclass::text, -2) FROM {table} WHERE file < 20260101000000"), Is.EqualTo(Just.These($"{table}_2025h2")));
    }

    [Test]
    public void What_came_in_one_term_is_known_in_the_next_and_all_is_as_it_was_written()
    {
        Assert.That(root.Receipt("vår.csv").GetProperty("counts").GetProperty("duplicate").GetInt32(), Is.EqualTo(Records));
        var breaks = new StringWriter();
        Assert.That(VerifyCommand.Run(new IngestSettings { Root = root.Folder, Ledger = { ConnectionString = root.Settings.Ledger.ConnectionString } }, TestRoot.Files, breaks), Is.Zero, breaks.ToString());
    }

    [TestCase("SELECT records, states FROM event WHERE file = {0} ORDER BY block", 1)]
    [TestCase("SELECT first, records, statuses FROM line WHERE file = {0} AND first >= 3 ORDER BY first", 1)]
    [TestCase("SELECT code FROM finding WHERE file = {0} AND close = 0", 1)]
    [TestCase("SELECT ids FROM event_id WHERE file = {0} ORDER BY first", 1)]
    [TestCase("SELECT outcome FROM verdict WHERE file = {0} AND line = 3", 1)]
    [TestCase("SELECT e.records FROM unnest(ARRAY[{0}], ARRAY[0]) AS w (file, block) JOIN event e ON e.file = w.file AND e.block = w.block", 1)]
    // One of each term.
    [TestCase("SELECT student, file, block FROM student_file WHERE school = 1 AND student = ANY(ARRAY[199601012391, 199601022390]) ORDER BY student, file", 2)]
    public void What_is_asked_is_read_from_the_parts_that_have_it_and_no_other(string query, int parts)
    {
        using var connection = root.App.Ledger.Open();

        var plan = connection.Query<string>("EXPLAIN (ANALYZE, COSTS OFF) " + string.Format(CultureInfo.InvariantCulture, query, 20251230000001)).ToList();

        Assert.That(plan.Where(l => l.Contains("_2025h2_", StringComparison.Ordinal) || l.Contains("_2026h1_", StringComparison.Ordinal))
            .Where(l => l.Contains(" Scan using ", StringComparison.Ordinal) || l.Contains("Seq Scan on ", StringComparison.Ordinal) || l.Contains("Heap Scan on ", StringComparison.Ordinal))
            .Where(l => !l.Contains("never executed", StringComparison.Ordinal)).ToList(), Has.Count.EqualTo(parts), string.Join('\n', plan));
    }
}
