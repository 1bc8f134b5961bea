using Dapper;
using Ingest.Worker.Intake;
using Ingest.Worker.Ledger;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

public class ThrownAwayLedgerTests
{
    private const long Off = 0, Full = 2;

    // It is the PRAGMA that is asked.
    [Test]
    [Category("SqliteOnly")]
    public async Task Only_the_ledger_of_a_check_is_not_flushed()
    {
        using var root = await TestRoot.StartAsync();
        using var check = new Check(TestRoot.Files, root.Settings, root.Clock, root.App.Root);

        Assert.That((Synchronous(root.App.Ledger), Synchronous(check.Ledger!)), Is.EqualTo((Full, Off)));
    }

    private static long Synchronous(LedgerDatabase ledger)
    {
        using var connection = ledger.Open();
        return connection.ExecuteScalar<long>("PRAGMA synchronous");
    }
}
