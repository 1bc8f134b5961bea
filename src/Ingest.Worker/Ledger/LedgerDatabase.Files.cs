using System.Data.Common;
using System.Globalization;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;

namespace Ingest.Worker.Ledger;

/// <summary>Rows about files.</summary>
public sealed partial class LedgerDatabase
{
    private const string LastIdKey = "lastFileId";
    private const string TakenUpToKey = "takenUpTo";

    // As the index has it, so that it is used.
    private const string IsUnfinished = "state IN ('claimed', 'committed', 'receipted')";

    private const string FileColumns =
        "id, school, name, name_masked, state, arrived, claimed, cutoff, window_note, origin, bytes, sha256, text_form, shape, delimiter, separator_line, status, system, environment, sequence, " +
        "next_sequence, declared, declared_sum, computed_sum, read, accepted, warned, waiting, duplicate, rejected, duplicate_of, rules_version, text_version, language, (SELECT p.name FROM profile p WHERE p.sha256 = file.profile) AS profile_name, " +
        "(SELECT a.at FROM audit a WHERE a.id = file.original_purged) AS original_purged_at, (SELECT a.at FROM audit a WHERE a.id = file.detail_purged) AS detail_purged_at";

    /// <summary>Writes the row of a claim, before the file is touched. The id is the day's next.</summary>
    public async Task<FileRow> ClaimAsync(string school, string name, bool nameMasked, DateTimeOffset arrived, DateOnly window, WindowNote? note, CancellationToken stop, Origin origin = Origin.School, AuditEntry? audit = null)
    {
        using var connection = Open();
        return await WriteAsync(connection, FilesOnly, transaction =>
        {
            if (origin == Origin.School) RequireHold(connection, transaction, Watch);
            var now = time.GetUtcNow();
            var first = FileId.Of(ReportingCalendar.SwedishDate(now), 1);
            // An id is never given twice, even when its claim was taken back.
            var given = connection.ExecuteScalar<long?>("SELECT value FROM setting WHERE key = @LastIdKey", new { LastIdKey }, transaction);
            var last = connection.ExecuteScalar<long?>("SELECT max(id) FROM file WHERE id >= @first AND id < @end", new { first, end = first + 999_999 }, transaction);
            if (given >= first && given < first + 999_999 && !(last > given)) last = given;
            var row = new FileRow
            {
                Id = last + 1 ?? first,
                School = school,
                Name = name,
                NameMasked = nameMasked,
                State = FileState.Claimed,
                Arrived = arrived,
                Claimed = now,
                Window = window,
                WindowNote = note,
                Origin = origin,
            };
            if (row.Id == first) backend.MakeRoom(connection, transaction, first);
            connection.Execute("INSERT INTO setting (key, value) VALUES (@LastIdKey, @Id) ON CONFLICT (key) DO UPDATE SET value = excluded.value", new { LastIdKey, Id = row.Id.ToString(CultureInfo.InvariantCulture) }, transaction);
            connection.Execute(
                "INSERT INTO file (id, school, name, name_masked, state, arrived, claimed, cutoff, window_note, origin) VALUES (@Id, @School, @Name, @NameMasked, 'claimed', @arrived, @claimed, @window, @note, @origin)",
                new { row.Id, row.School, row.Name, NameMasked = row.NameMasked ? 1L : 0L, arrived = Instant(arrived), claimed = Instant(now), window = Number(window), note = note?.ToString(), origin = origin == Origin.School ? null : origin.ToString() }, transaction);
            if (audit is not null) Hold(connection, transaction, row.Id, audit);
            return row;
        }, stop);
    }

    /// <summary>Takes back a claim whose file was gone before it could be moved, or an operator's that would not hold.</summary>
    public Task UnclaimAsync(long id, CancellationToken stop) =>
        WriteAsync((c, t) => c.Execute("DELETE FROM act WHERE file = @id; DELETE FROM file WHERE id = @id AND state = 'claimed'", new { id }, t), stop);

    public FileRow? File(long id)
    {
        using var connection = Open();
        return Files(connection, "WHERE id = @id", new { id }).FirstOrDefault();
    }

    /// <summary>Files on their way, oldest first.</summary>
    public List<FileRow> Unfinished()
    {
        using var connection = Open();
        return Files(connection, $"WHERE {IsUnfinished} ORDER BY id", null);
    }

    /// <summary>The school's oldest file on its way, of those after one and up to another; null when there is none.</summary>
    internal FileRow? NextUnfinished(string school, long after, long upTo)
    {
        using var connection = Open();
        return Files(connection, $"WHERE {IsUnfinished} AND school = @school AND id > @after AND id <= @upTo ORDER BY id LIMIT 1", new { school, after, upTo }).FirstOrDefault();
    }

    /// <summary>Schools with files on their way, but for those that another worker holds.</summary>
    internal List<string> SchoolsWithUnfinished(long worker)
    {
        using var connection = Open();
        return [.. connection.Query<string>($"SELECT DISTINCT school FROM file f WHERE {IsUnfinished} AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.school = f.school AND h.worker <> @worker)", new { worker })];
    }

    /// <summary>Files that are taken and not committed, of this window or an earlier one.</summary>
    internal List<FileRow> Claimed(DateOnly window)
    {
        using var connection = Open();
        return Files(connection, $"WHERE {IsUnfinished} AND state = 'claimed' AND cutoff <= @window ORDER BY id", new { window = Number(window) });
    }

    /// <summary>The last file that whoever watches the folders has taken whole.</summary>
    internal long TakenUpTo() => Setting(TakenUpToKey) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    internal Task SetTakenUpToAsync(long id, CancellationToken stop) => SetAsync(TakenUpToKey, id.ToString(CultureInfo.InvariantCulture), stop);

    /// <summary>The last id that was given.</summary>
    internal long LastFileId() => Setting(LastIdKey) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    /// <summary>Files whose originals are in the archive or in quarantine, in order, a thousand at a time: there may be many.</summary>
    internal IEnumerable<FileRow> Settled()
    {
        using var connection = Open();
        var last = 0L;
        while (Files(connection, "WHERE id > @last AND state IN ('archived', 'quarantined') ORDER BY id LIMIT 1000", new { last }) is { Count: > 0 } files)
        {
            foreach (var file in files) yield return file;
            last = files[^1].Id;
        }
    }

    /// <summary>The files of a school in a window, refused ones too, in order.</summary>
    public List<FileRow> FilesOf(string school, DateOnly window)
    {
        using var connection = Open();
        return Files(connection, "WHERE school = @school AND cutoff = @window AND state <> 'claimed' ORDER BY id", new { school, window = Number(window) });
    }

    public async Task SetStateAsync(FileRow file, FileState state, CancellationToken stop)
    {
        using var connection = Open();
        await WriteAsync(connection, FilesOnly, transaction =>
        {
            RequireHold(connection, transaction, file);
            return connection.Execute("UPDATE file SET state = @state WHERE id = @Id", new { state = Lower(state), file.Id }, transaction);
        }, stop);
        file.State = state;
    }

    /// <summary>Stores everything that intake found out about the file; its records count from then on.</summary>
    internal static void SaveCommitted(DbConnection connection, DbTransaction transaction, FileRow f)
    {
        if (f.Profile is not null)
            connection.Execute("INSERT INTO profile (sha256, name, text) VALUES (@Sha256, @Name, @Text) ON CONFLICT DO NOTHING", new { f.Profile.Sha256, f.Profile.Name, f.Profile.Text }, transaction);
        connection.Execute(
            """
            UPDATE file SET state = @state, cutoff = @window, window_note = @note, bytes = @bytes, sha256 = @sha, text_form = @text, shape = @shape, delimiter = @delimiter,
                separator_line = @separator, status = @status, system = @System, environment = @Environment, sequence = @Sequence, next_sequence = @NextSequence,
                declared = @Declared, declared_sum = @DeclaredSum, computed_sum = @ComputedSum, read = @Read, accepted = @Accepted, warned = @Warned, waiting = @Waiting,
                duplicate = @Duplicate, rejected = @Rejected, duplicate_of = @DuplicateOf, rules_version = @RulesVersion, text_version = @TextVersion, language = @language, profile = @profile
            WHERE id = @Id
            """,
            new
            {
                f.Id,
                state = Lower(FileState.Committed),
                window = Number(f.Window),
                note = f.WindowNote?.ToString(),
                bytes = f.Sniffed?.Bytes,
                sha = f.Sniffed?.Sha256,
                text = (int?)f.Sniffed?.Text,
                shape = (int?)f.Sniffed?.Shape,
                // PostgreSQL's texts hold no NUL.
                delimiter = f.Sniffed is { Delimiter: not '\0' and var delimiter } ? delimiter.ToString() : null,
                separator = f.Sniffed?.HasSeparatorLine == true ? 1L : 0L,
                status = f.Status?.ToString(),
                f.System,
                f.Environment,
                f.Sequence,
                f.NextSequence,
                f.Declared,
                f.DeclaredSum,
                f.ComputedSum,
                f.Counts.Read,
                f.Counts.Accepted,
                f.Counts.Warned,
                f.Counts.Waiting,
                f.Counts.Duplicate,
                f.Counts.Rejected,
                f.DuplicateOf,
                f.RulesVersion,
                f.TextVersion,
                language = f.Language.ToString(),
                profile = f.Profile?.Sha256,
            },
            transaction);
    }

    /// <summary>The first accepted file of the school with these bytes, other than <paramref name="id"/>; or null.</summary>
    internal static long? SameBytes(DbConnection connection, string school, string sha256, long id) =>
        connection.ExecuteScalar<long?>(
            "SELECT min(id) FROM file WHERE school = @school AND sha256 = @sha256 AND id < @id AND state <> 'claimed' AND read > 0 AND status NOT IN ('Rejected', 'Duplicate')",
            new { school, sha256, id });

    private static List<FileRow> Files(DbConnection connection, string where, object? parameters) =>
        [.. connection.Query($"SELECT {FileColumns} FROM file {where}", parameters).Select(r => Row((IDictionary<string, object?>)r))];

    private static FileRow Row(IDictionary<string, object?> r)
    {
        int? Int(string name) => r[name] is long value ? (int)value : null;
        string? Text(string name) => r[name] as string;
        return new FileRow
        {
            Id = (long)r["id"]!,
            School = Text("school")!,
            Name = Text("name")!,
            NameMasked = (long)r["name_masked"]! != 0,
            State = Enum.Parse<FileState>(Text("state")!, ignoreCase: true),
            Arrived = Instant(Text("arrived")!),
            Claimed = Instant(Text("claimed")!),
            Window = Date((long)r["cutoff"]!),
            WindowNote = Text("window_note") is { } note ? Enum.Parse<WindowNote>(note) : null,
            Origin = Text("origin") is { } origin ? Enum.Parse<Origin>(origin) : Origin.School,
            Sniffed = Text("sha256") is not { } sha ? null : new Sniffed((long)r["bytes"]!, sha, (TextForm)Int("text_form")!.Value, (FileShape?)Int("shape"),
                Text("delimiter") is [var delimiter, ..] ? delimiter : '\0', (long)r["separator_line"]! != 0, [], Text("profile_name")),
            Status = Text("status") is { } status ? Enum.Parse<FileStatus>(status) : null,
            System = Text("system"),
            Environment = Text("environment"),
            Sequence = Int("sequence"),
            NextSequence = Int("next_sequence"),
            Declared = r["declared"] as long?,
            DeclaredSum = r["declared_sum"] as long?,
            ComputedSum = r["computed_sum"] as long?,
            Counts = new Counts((long)r["read"]!, (long)r["accepted"]!, (long)r["warned"]!, (long)r["waiting"]!, (long)r["duplicate"]!, (long)r["rejected"]!),
            DuplicateOf = r["duplicate_of"] as long?,
            RulesVersion = Text("rules_version"),
            TextVersion = Text("text_version"),
            Language = Text("language") == nameof(Language.En) ? Language.En : Language.Sv,
            OriginalPurged = Text("original_purged_at") is { } original ? Instant(original) : null,
            DetailPurged = Text("detail_purged_at") is { } detail ? Instant(detail) : null,
        };
    }

    private static string Lower(FileState state) => state.ToString().ToLower(CultureInfo.InvariantCulture);
}
