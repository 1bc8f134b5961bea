using System.Globalization;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Tests;
using Ingest.Worker.Commands;
using Ingest.Worker.Ledger;
using Ingest.Worker.Samples;
using Ingest.Worker.Tests.Operators;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary><c>verify</c>: says nothing of what is as it was written, and names whatever is not, byte by byte, row by row.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[Parallelizable(ParallelScope.Self)]
internal sealed class VerifyCommandTests
{
    private const string First = "2026-01-19", Second = "2026-01-20";

    // What the ledger keeps and no seal covers: how far a file has come, a counter, when a window was handed on.
    private static readonly string[] NotCovered = ["file.state", "school.commits", "closed_window.delivered", "profile.name"];

    // Of what a test changes here, only verify reads: alarms, what was seen, misfits and the service's own notes are told in the documents as not covered.
    private static readonly string[] Tables = ["file", "line", "finding", "event", "student_file", "event_id", "catalogue", "sequence", "closed_window", "verdict", "audit", "access", "identity_link", "school", "profile"];

    private TestRoot root = null!;

    [OneTimeSetUp]
    public async Task TellAStory()
    {
        root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "ett.txt", Rvf.File(1, Rvf.Reg(id: "a1"), Rvf.Reg(Rvf.Bo, id: "b1"), Rvf.Reg(Rvf.Cia), Rvf.Reg(Rvf.Cia, action: "B"), Rvf.Res(Rvf.Bo, course: "FINNSEJ"), Rvf.Reg("199601012398")));
        await root.TakeAsync("KTH", "kurs.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(), Rvf.Mod(), Rvf.Reg(), Rvf.Reg(Rvf.Bo, offering: "X")));
        await root.TakeAsync("UMU", "oläslig.txt", "a\0b");
        await Desk.BaselineAsync(root, Rvf.File(0, Rvf.Reg(Rvf.Student(7), "MAT100", "H1")));
        await root.CloseAsync(First);
        // A repeat under an id of its own, a removal that ends what was delivered, and one that is refused.
        await root.TakeAsync("UMU", "två.txt", Rvf.File(2, Rvf.Reg(id: "a2"), Rvf.Reg(Rvf.Bo, action: "B"), Rvf.Reg(Rvf.Bo, id: "b2"), Rvf.Res(Rvf.Student(9))));
        await root.TakeAsync("KTH", "bort.txt", Rvf.WithHeader(Rvf.Huv(2, "KTH"), Rvf.Reg(action: "B")));
        await root.App.Ledger.LinkAsync("UMU", Rvf.Student(8), Personnummer.FromStorage(long.Parse(Rvf.Anna, CultureInfo.InvariantCulture)).Digits, new DateOnly(2026, 1, 20), Desk.Entry(root, "link"), CancellationToken.None);
        await root.CloseAsync(Second);
        await root.TakeAsync("UMU", "tre.csv", Rvf.Csv(Rvf.Row(Rvf.Student(10)), Rvf.Row(Rvf.Student(11), id: "öppen")));
        for (var i = 0; i < 2; i++)
            await root.App.Ledger.RecordAsync(new Access("anna", "show", "UMU", Personnummer.FromStorage(long.Parse(Rvf.Anna, CultureInfo.InvariantCulture)), "2026/17", true), CancellationToken.None);
        root.Sql("INSERT INTO profile (sha256, name, text) VALUES ('2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881', 'p', 'x')");
    }

    [OneTimeTearDown]
    public void DeleteRoot() => root.Dispose();

    [Test]
    public void The_story_has_rows_in_every_table()
    {
        using var connection = root.App.Ledger.Open();
        Assert.That(Tables.Where(t => connection.ExecuteScalar<long>($"SELECT count(*) FROM {t}") == 0), Is.Empty);
        Assert.That(Stored.Events(root.App.Ledger).Select(e => e.State).Distinct().Order(), Is.EqualTo(Enum.GetValues<StoredState>()));
    }

    [Test]
    public void Where_nothing_was_changed_all_is_well()
    {
        var (exit, output) = Verify();
        Assert.That((exit, output[^1]), Is.EqualTo((0, "Allt stämmer.")), string.Join('\n', output));
        Assert.That(output[0], Does.StartWith("Kontrollerat: 2 leveranser, 7 original, 7 filers rader i liggaren"));
    }

    // A term is played on SQLite.
    [TestCase(FileShape.FixedWidth, 1UL)]
    [TestCase(FileShape.Csv, 2UL)]
    [Category("SqliteOnly")]
    public async Task A_term_with_faults_of_every_kind_is_well(FileShape shape, ulong seed)
    {
        using var folder = new TempFolder();
        new SampleFiles(TestRoot.Files, new SampleOptions(600, seed, 0.25, shape, folder.At("samples"), new DateOnly(2026, 1, 19), ["KTH", "LU"])).Write();
        await TermReplay.RunAsync(folder.At("samples"), folder.At("root"));

        var output = new StringWriter();
        Assert.That(VerifyCommand.Run(DemoCommand.Settings(folder.At("root")), TestRoot.Files, output), Is.Zero, output.ToString());
    }

    [TestCase("delivery/2026-01-19/UMU.csv")]
    [TestCase("delivery/2026-01-19/manifest.TEST.json")]
    [TestCase("delivery/2026-01-20/manifest.TEST.json")]
    [TestCase("archive/UMU/2026-01-19/20260119-000001_ett.txt")]
    [TestCase("quarantine/20260119-000003_oläslig.txt")]
    public void One_byte_changed_anywhere_in_a_file_is_told_with_its_name(string name)
    {
        var path = root.At(name.Split('/'));
        var bytes = File.ReadAllBytes(path);
        try
        {
            foreach (var at in new[] { 0, 1, bytes.Length / 2, bytes.Length - 1 })
            {
                var changed = (byte[])bytes.Clone();
                changed[at] ^= 1;
                File.WriteAllBytes(path, changed);
                Assert.That(Faults(), Is.EqualTo(Just.These($"{name}: är ändrad.")), $"byte {at}");
            }
            File.WriteAllBytes(path, bytes[..^1]);
            Assert.That(Faults(), Is.EqualTo(Just.These($"{name}: är ändrad.")), "cut by a byte");
            File.Delete(path);
            Assert.That(Faults(), Is.EqualTo(Just.These($"{name}: saknas.")));
        }
        finally
        {
            File.WriteAllBytes(path, bytes);
        }
    }

    [TestCase("delivery/2026-01-19/LU.csv", "hör inte till leveransen.")]
    [TestCase("delivery/2026-01-18", "hör inte till något fönster i liggaren.")]
    public void What_is_too_much_in_the_deliveries_is_told(string name, string why)
    {
        var path = root.At(name.Split('/'));
        if (name.EndsWith(".csv", StringComparison.Ordinal)) File.WriteAllText(path, "x");
        else Directory.CreateDirectory(path);
        try
        {
            Assert.That(Faults(), Is.EqualTo(Just.These($"{name}: {why}")));
        }
        finally
        {
            if (File.Exists(path)) File.Delete(path);
            else Directory.Delete(path);
        }
    }

    // Which columns there are, and a change that fits each, is asked in SQLite's own words; a row's bytes for its seal are the same on either.
    [TestCaseSource(nameof(Tables))]
    [Category("SqliteOnly")]
    public void One_value_changed_in_any_column_of_any_row_is_told(string table)
    {
        var unseen = new List<string>();
        using var connection = root.App.Ledger.Open();
        connection.Execute("PRAGMA foreign_keys = OFF");
        var columns = connection.Query<string>($"SELECT name FROM pragma_table_info('{table}')").Where(c => !NotCovered.Contains($"{table}.{c}")).ToList();
        // A copy of the table is put back after each change.
        connection.Execute($"DROP TABLE IF EXISTS temp.kept; CREATE TEMP TABLE kept AS SELECT * FROM {table}");
        foreach (var column in columns)
        {
            var key = string.Join(", ", connection.Query<string>($"SELECT name FROM pragma_table_info('{table}') WHERE pk > 0"));
            // The first row and the last one.
            foreach (var order in new[] { "", "DESC" })
            {
                var changed = connection.Execute(
                    $"""
                    UPDATE OR IGNORE {table} SET {column} = CASE WHEN {column} IS NULL THEN '1' WHEN typeof({column}) = 'integer' THEN {column} + 1
                        WHEN typeof({column}) = 'blob' THEN CAST('x' || substr({column}, 2) AS BLOB) ELSE CASE substr({column}, 1, 1) WHEN 'A' THEN 'B' ELSE 'A' END || substr({column}, 2) END
                    WHERE ({key}) IN (SELECT {key} FROM {table} ORDER BY {key.Replace(",", $" {order},", StringComparison.Ordinal)} {order} LIMIT 1)
                    """);
                if (changed == 0) continue;
                var exit = Verify().Exit;
                connection.Execute($"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM temp.kept");
                if (exit != ExitCode.Broken) unseen.Add($"{column} {order}");
            }
        }
        Assert.That(unseen, Is.Empty);
        Assert.That(Verify().Exit, Is.Zero, "all was put back");
    }

    // A profile is only missed by name.
    private static IEnumerable<string> TablesOfRows => Tables.Where(t => t != "profile");

    [TestCaseSource(nameof(TablesOfRows))]
    [Category("SqliteOnly")]
    public void A_row_taken_away_is_told(string table)
    {
        using var connection = root.App.Ledger.Open();
        connection.Execute($"PRAGMA foreign_keys = OFF; DROP TABLE IF EXISTS temp.kept; CREATE TEMP TABLE kept AS SELECT * FROM {table}");
        var keys = string.Join(", ", connection.Query<string>($"SELECT name FROM pragma_table_info('{table}') WHERE pk > 0"));
        connection.Execute($"DELETE FROM {table} WHERE ({keys}) IN (SELECT {keys} FROM {table} ORDER BY {keys} LIMIT 1)");
        var exit = Verify().Exit;
        connection.Execute($"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM temp.kept");
        Assert.That(exit, Is.EqualTo(ExitCode.Broken));
    }

    [Test]
    public void The_ledgers_rows_are_told_by_table_and_file_with_what_to_do()
    {
        using var connection = root.App.Ledger.Open();
        // 7,5 hp, as the ledger keeps it, becomes 15 hp.
        var before = connection.ExecuteScalar<string>(TestLedger.Sql("SELECT hex(records) FROM event WHERE file = 20260119000001"))!;
        root.Sql($"UPDATE event SET records = x'{before.Replace("EF05", "DD0B", StringComparison.Ordinal)}' WHERE file = 20260119000001");
        try
        {
            var output = Verify().Output;
            Assert.That(output[0], Does.StartWith("Liggaren: event: raderna om 20260119-000001 är inte de som skrevs"));
            Assert.That(output[1], Does.Contain("säkerhetskopian"));
            Assert.That(output[2], Is.EqualTo("Liggaren: fönstret 2026-01-19: leveransen som härleds ur liggaren är inte den som lämnades."));
            Assert.That(output[^1], Is.EqualTo("2 fel."));
        }
        finally
        {
            root.Sql($"UPDATE event SET records = x'{before}' WHERE file = 20260119000001");
        }
    }

    [Test]
    public async Task The_program_says_it_by_its_exit_code()
    {
        var well = await Cli.RunAsync("verify", "--root", root.Folder);
        Assert.That((well.Exit, well.Error), Is.EqualTo((0, "")), well.Out);
        var path = root.At("delivery", First, "UMU.csv");
        File.AppendAllText(path, "\n");
        var broken = await Cli.RunAsync("verify", "--root", root.Folder);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
        Assert.That((broken.Exit, broken.Out.Split('\n')[0]), Is.EqualTo((5, "delivery/2026-01-19/UMU.csv: är ändrad.")));
    }

    private (int Exit, string[] Output) Verify()
    {
        var output = new StringWriter();
        return (VerifyCommand.Run(root.Settings, TestRoot.Files, output), output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private List<string> Faults() => [.. Verify().Output.Where(l => !l.StartsWith("  ", StringComparison.Ordinal)).SkipLast(2)];
}
