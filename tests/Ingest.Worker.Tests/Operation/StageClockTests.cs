using System.Diagnostics.Metrics;
using Ingest.Worker.Service;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Operation;

// The meter is the process's: other tests' files would be heard too.
[NonParallelizable]
public sealed class StageClockTests
{
    [Test]
    public async Task A_file_and_a_close_tell_what_their_time_went_into()
    {
        var told = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == StageClock.MeterName) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, seconds, tags, _) => told[$"{instrument.Name} {instrument.Unit} {tags[0].Key}={tags[0].Value}"] = seconds);
        listener.Start();

        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row()));
        await root.CloseAsync("2026-01-19");

        Assert.That(told.Keys, Is.EquivalentTo(Just.These("read", "parse", "judge", "ledger", "receipts", "archive", "close").Select(stage => $"ingest.stage.duration s stage={stage}")));
        Assert.That(told.Values, Has.All.Positive);
    }
}
