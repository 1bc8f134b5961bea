using System.IO.Abstractions;
using System.Reflection;
using Dapper;
using Ingest.Worker.Ledger;
using Ingest.Worker.Service;
using Ingest.Worker.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Ingest.Worker.Tests.Operation;

/// <summary>What is tried again by itself, how often, and what is not: the table in <c>docs/operations.md</c>.</summary>
public sealed class RetryTests
{
    // EBUSY of Linux.
    private const int DeviceBusy = 16;

    private const int Busy = 5, Locked = 6, Constraint = 19, Full = 13, Corrupt = 11;

    [TestCase(Busy, PostgresErrorCodes.SerializationFailure)]
    [TestCase(Locked, PostgresErrorCodes.DeadlockDetected)]
    public async Task A_write_to_a_busy_ledger_is_tried_again_whole(int sqlite, string postgres)
    {
        var (tries, rows, fault) = await WriteAsync(Fault(sqlite, postgres), failures: 2);
        Assert.That((tries, rows, fault), Is.EqualTo((3, 1L, default(Exception))), "what the first tries wrote was rolled back");
    }

    [Test]
    public async Task It_is_tried_five_times_again_and_no_more_within_half_a_minute()
    {
        var clock = new FakeTimeProvider(TestRoot.Morning);
        var busy = Fault(Busy, PostgresErrorCodes.SerializationFailure);
        var (tries, rows, fault) = await WriteAsync(busy, failures: int.MaxValue, clock);
        Assert.That((tries, rows, fault), Is.EqualTo((6, 0L, busy)));
        // Five pauses of at most five seconds, and a tenth of one at each look.
        Assert.That(clock.GetUtcNow() - TestRoot.Morning, Is.LessThan(TimeSpan.FromSeconds(30)));
    }

    // A server's full disk is others' too, and may be emptied by them.
    [TestCase(Full, "", Category = "SqliteOnly")]
    [TestCase(Constraint, PostgresErrorCodes.UniqueViolation)]
    [TestCase(Corrupt, PostgresErrorCodes.DataCorrupted)]
    public async Task A_fault_that_does_not_pass_is_not_tried_again(int sqlite, string postgres)
    {
        var lasting = Fault(sqlite, postgres);
        var (tries, rows, fault) = await WriteAsync(lasting, failures: int.MaxValue);
        Assert.That((tries, rows, fault), Is.EqualTo((1, 0L, lasting)));
    }

    [TestCase(3, 4, true)]
    [TestCase(4, 4, false)]
    public async Task A_file_that_another_holds_for_a_moment_is_tried_three_times_again(int failures, int tries, bool taken)
    {
        using var root = await TestRoot.StartAsync();
        root.App.Dispose();
        var (files, moves) = Failing(failures);
        using var app = IngestApp.Open(root.Settings, files, root.Clock, NullLoggerFactory.Instance);
        await app.Service.StartAsync(CancellationToken.None);
        root.Drop("UMU", "f.csv", Rvf.Csv(Rvf.Row()));

        await app.Service.StepAsync(null, CancellationToken.None);

        Assert.That(moves(), Is.EqualTo(tries));
        Assert.That(Alarms.Open(app.Ledger).Select(a => a.Kind), Is.EqualTo(taken ? [] : Just.These("cannotTake")));
        Assert.That(root.Out().Any(n => n.EndsWith("kvittens.json", StringComparison.Ordinal)), Is.EqualTo(taken));
    }

    /// <summary>What the root's ledger would throw.</summary>
    private static Exception Fault(int sqlite, string postgres) => TestLedger.IsPostgres ? new PostgresException("prov", "ERROR", "ERROR", postgres) : new SqliteException("prov", sqlite);

    /// <summary>Writes a row in a transaction that fails so many times.</summary>
    private static async Task<(int Tries, long Rows, Exception? Fault)> WriteAsync(Exception with, int failures, FakeTimeProvider? clock = null)
    {
        using var root = await TestRoot.StartAsync();
        clock ??= new FakeTimeProvider(TestRoot.Morning);
        using var ledger = TestLedger.Open(root.Folder, clock, readOnly: false);
        using var asking = ledger.Open();
        var tries = 0;
        var writing = ledger.WriteAsync((connection, transaction) =>
        {
            connection.Execute("INSERT INTO setting (key, value) VALUES ('prov', 'x')", transaction: transaction);
            if (tries++ < failures) throw with;
        }, CancellationToken.None);
        await Patience.UntilAsync(() => writing.IsCompleted, "the end of the tries", () => clock.Advance(TimeSpan.FromMilliseconds(100)));
        return (tries, asking.ExecuteScalar<long>("SELECT count(*) FROM setting WHERE key = 'prov'"), writing.Exception?.InnerException);
    }

    /// <summary>The real files, but that a rename out of a drop folder fails so many times, as where a scanner holds the file.</summary>
    private static (IFileSystem Files, Func<int> Moves) Failing(int failures)
    {
        var moves = 0;
        var files = Proxy.Of<IFileSystem>(TestRoot.Files, (method, _) => method.Name == "get_File"
            ? Proxy.Of<IFile>(TestRoot.Files.File, (call, arguments) => call.Name == nameof(IFile.Move) && ((string)arguments[1]!).Contains(".ingest", StringComparison.Ordinal) && moves++ < failures
                ? throw new IOException("held", DeviceBusy)
                : null)
            : null);
        return (files, () => moves);
    }

    /// <summary>Hands every call on to the real thing, but for those that are answered in its place.</summary>
    public class Proxy : DispatchProxy
    {
        private object real = null!;
        private Func<MethodInfo, object?[], object?> instead = null!;

        public static T Of<T>(T real, Func<MethodInfo, object?[], object?> instead)
            where T : class
        {
            var made = Create<T, Proxy>();
            var proxy = (Proxy)(object)made;
            (proxy.real, proxy.instead) = (real, instead);
            return made;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            try
            {
                return instead(targetMethod!, args ?? []) ?? targetMethod!.Invoke(real, args);
            }
            catch (TargetInvocationException e)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException!);
                throw;
            }
        }
    }
}
