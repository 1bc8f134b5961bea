namespace Ingest.Worker.Tests;

/// <summary>The cluster is the whole assembly's.</summary>
[SetUpFixture]
internal sealed class TestLedgerSetUp
{
    [OneTimeSetUp]
    public Task StartAsync() => TestLedger.StartAsync();

    [OneTimeTearDown]
    public Task StopAsync() => TestLedger.StopAsync();
}
