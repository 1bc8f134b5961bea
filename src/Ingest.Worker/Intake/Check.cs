using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Settings;

namespace Ingest.Worker.Intake;

/// <summary>
/// The verdict that the service would give, touching nothing: the very same intake. With a root, on a ledger of its own that is thrown
/// away: what was reported before is read in the root's; what that holds about files, courses and löpnummer is copied first. Without a
/// root there is no ledger at all.
/// </summary>
internal sealed class Check : IDisposable
{
    private readonly IFileSystem files;
    private readonly IngestSettings settings;
    private readonly TimeProvider time;
    private readonly LedgerDatabase? history;
    private readonly string? folder;

    /// <param name="root">The root whose ledger is to be judged against; null: only rules that need none are applied.</param>
    public Check(IFileSystem files, IngestSettings settings, TimeProvider time, RootFolder? root)
    {
        (this.files, this.settings, this.time) = (files, settings, time);
        if (root is null) return;
        history = LedgerDatabase.Of(settings, root, time, readOnly: true);
        folder = files.Directory.CreateTempSubdirectory("ingest-check-").FullName;
        Ledger = new LedgerDatabase(files.Path.Combine(folder, "ledger.db"), time, thrownAway: true);
        Ledger.Migrate();
    }

    /// <summary>The ledger of this check; null without a root.</summary>
    public LedgerDatabase? Ledger { get; }

    /// <param name="school">Null: the school that the file itself states, with both services.</param>
    /// <param name="profile">Null: the school's, if it has one.</param>
    /// <param name="tell">Called with what a receipt would say: of the file itself, and of its records in order, at least those of which something was found.</param>
    public async Task<FileRow> RunAsync(string path, School? school, Profile? profile, Action<FileRow, IEnumerable<RecordRow>> tell, CancellationToken stop, Origin origin = Origin.School)
    {
        using var source = files.FileStream.New(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var now = time.GetUtcNow();
        var today = ReportingCalendar.SwedishDate(now);
        var (statedSchool, statedEnvironment) = Stated(source, today, profile ?? school?.Profile);
        school ??= new School
        {
            Code = statedSchool ?? "SKOLA",
            Name = "",
            FileReporting = true,
            Services = [SchoolService.StudentReporting, SchoolService.CourseCatalogue],
        };
        if (profile is not null) school = school with { Profile = profile };
        var judged = settings;
        // Without a root nobody says which environment is meant, so the file's own holds.
        if (history is null && statedEnvironment is not null) judged = new IngestSettings { Environment = statedEnvironment, Limits = settings.Limits, Rules = settings.Rules };
        if (history is not null) Import(school.Code);

        var (calendar, lastClosed) = (new ReportingCalendar(settings.Cutoff.ToDays()), Ledger?.LastClosed() ?? DateOnly.MinValue);
        var window = calendar.Of(now).Date is var date && date > lastClosed ? date : calendar.After(lastClosed).Date;
        var name = Masking.Numbers(files.Path.GetFileName(path), today, out var masked);
        var row = Ledger is null
            ? new FileRow { Id = FileId.Of(today, 1), School = school.Code, Name = name, NameMasked = masked, Arrived = now, Claimed = now, Window = window, Origin = origin }
            : await Ledger.ClaimAsync(school.Code, name, masked, now, window, null, stop, origin);
        var intake = new FileIntake(Ledger, judged) { History = history, Tell = records => tell(row, records) };
        var done = Pickup.DoneFile.Read(files, path + Pickup.DoneFile.Suffix);
        List<Finding> names = masked ? [new Finding(FindingCode.F20, Value: name)] : [];
        await intake.RunAsync(row, source, school, done, names, () => true, stop);
        if (Ledger is null) return row;
        using var connection = Ledger.Open();
        tell(row, LedgerDatabase.Records(connection, row));
        return row;
    }

    private (string? School, string? Environment) Stated(Stream source, DateOnly today, Profile? profile)
    {
        var limits = settings.Limits.ToLimits();
        var sniffed = Sniffer.Sniff(source, limits, profile);
        source.Position = 0;
        if (sniffed.Shape is null) return (null, null);
        var reader = RecordReader.Open(source, sniffed, today, limits, profile: profile);
        // The header, or the first row, says it.
        _ = reader.Rows().FirstOrDefault();
        source.Position = 0;
        return (reader.Schools is [var school, ..] ? school.Value : null, reader.Environments is [var environment, ..] ? environment.Value : null);
    }

    private void Import(string school)
    {
        const string OfSchool = "school = ?1", Counts = "school = ?1 AND state <> 'claimed'";
        using var from = history!.Open();
        using var moment = from.BeginSnapshot();
        using var to = Ledger!.Open();
        using var transaction = to.BeginTransaction();
        var copy = new RowCopy(from, to);
        copy.Copy("school");
        copy.Copy("closed_window");
        copy.Copy("profile");
        copy.Copy("file", Counts, school);
        copy.Copy("identity_link", OfSchool, school);
        copy.Copy("sequence", OfSchool, school);
        copy.Copy("catalogue", $"school = (SELECT id FROM school WHERE code = ?1) AND file IN (SELECT id FROM file WHERE {Counts})", school);
        transaction.Commit();
    }

    public void Dispose()
    {
        Ledger?.Dispose();
        history?.Dispose();
        if (folder is not null) files.Directory.Delete(folder, recursive: true);
    }
}
