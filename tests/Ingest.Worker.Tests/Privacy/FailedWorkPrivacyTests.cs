using Ingest.Worker.Commands;
using Ingest.Worker.Service;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Tests;

/// <summary>What is logged about work that fails: where and what kind, never the fault's own text, which may hold a path.</summary>
internal sealed class FailedWorkPrivacyTests
{
    [Test]
    public async Task A_number_that_names_an_unknown_folder_is_in_no_log_when_its_file_cannot_be_worked()
    {
        var root = Directory.CreateTempSubdirectory("ingest-failed-").FullName;
        try
        {
            using var logs = new RecordingLogs(NullLoggerFactory.Instance);
            using var app = IngestApp.Open(DemoCommand.Settings(root), new System.IO.Abstractions.FileSystem(), new SettableClock(DemoCommand.Morning), logs);
            await app.Service.StartAsync(CancellationToken.None);
            Directory.CreateDirectory(Path.Combine(root, "in", "197903239809"));
            await File.WriteAllTextAsync(Path.Combine(root, "in", "197903239809", "a.csv"), "a;b\n");
            // A folder where the file should go: the move fails, and its fault names both paths.
            Directory.CreateDirectory(Path.Combine(root, "work", "20260119-000001", "file"));

            await app.Service.StepAsync(null, CancellationToken.None);

            Assert.That(logs.Lines, Has.Some.Contains("20260119-000001 could not be worked"));
            Assert.That(logs.Lines, Has.None.Contains("197903239809"));
            Assert.That(logs.Lines, Has.None.Contains(Path.Combine(root, "work")), "no path out of the fault's own text");
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
