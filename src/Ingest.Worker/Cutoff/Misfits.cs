using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;

namespace Ingest.Worker.Cutoff;

/// <summary>A registration that stands though the course catalogue has since been corrected so that it no longer fits.</summary>
/// <param name="Since">The close that found it.</param>
internal sealed record Misfit(long File, string FileName, long Line, string? EventId, DateOnly Since, IReadOnlyList<Finding> Findings);

/// <summary>
/// Course offerings (KTF) may be corrected after registrations on them were delivered. That re-judges nothing: what was delivered
/// stands. But each close in whose window a school's offerings changed looks through all that stands, and the school is told what no
/// longer fits, until it fits again or stands no longer.
/// </summary>
internal static class Misfits
{
    private const int MostAtOnce = 500;

    /// <summary>Looks through the registrations of every school whose offerings the window changed. Part of the close's transaction, after its verdicts.</summary>
    /// <param name="catalogueOf">The catalogue at this close; null for a school without one, which then has no misfits.</param>
    public static void Update(DbConnection connection, DateOnly window, Func<(long Id, string Code), CourseCatalogue?> catalogueOf)
    {
        var p = new { window = LedgerDatabase.Number(window), offering = (int)RecordKind.CourseOffering };
        var changed = connection.Query<long>("SELECT DISTINCT school FROM catalogue WHERE cutoff = @window AND kind = @offering", p).ToHashSet();
        foreach (var (id, code) in connection.Query<(long, string)>(
                     "SELECT id, code FROM school WHERE id IN (SELECT school FROM catalogue WHERE cutoff = @window AND kind = @offering) OR id IN (SELECT school FROM misfit WHERE until IS NULL) ORDER BY code", p).ToList())
        {
            var catalogue = catalogueOf((id, code));
            if (catalogue is not null && !changed.Contains(id)) continue;
            var now = catalogue is null ? [] : JudgeStanding(connection, id, window, catalogue);
            Write(connection, id, p.window, now);
        }
    }

    /// <summary>Ends what fits again, or in another way not, and begins what is new.</summary>
    private static void Write(DbConnection connection, long school, long window, Dictionary<(long File, long Line, string Code), Finding> now)
    {
        var known = connection.Query<(long File, long Line, string Code, string Args)>("SELECT file, line, code, args FROM misfit WHERE school = @school AND until IS NULL", new { school }).ToList();
        var ended = known.Where(m => !now.TryGetValue((m.File, m.Line, m.Code), out var still) || Args(still) != m.Args).ToList();
        End(connection, school, window, ended.Select(m => (m.File, m.Line, m.Code)));
        using var insert = connection.BulkInsert("misfit", "school, file, line, code, since, field, value, args");
        insert.Bind(1, school).Bind(5, window);
        var stays = known.Except(ended).Select(m => (m.File, m.Line, m.Code)).ToHashSet();
        foreach (var (key, finding) in now.Where(n => !stays.Contains(n.Key)))
            insert.Bind(2, key.File).Bind(3, key.Line).Bind(4, key.Code).Bind(6, finding.Field).Bind(7, finding.Value).Bind(8, Args(finding)).Run();
        insert.Complete();
    }

    /// <summary>Notes that standing registrations have no misfit of these codes any more.</summary>
    private static void End(DbConnection connection, long school, long window, IEnumerable<(long File, long Line, string Code)> ended)
    {
        foreach (var page in ended.Chunk(MostAtOnce))
            connection.Execute(
                $"UPDATE misfit SET until = @window WHERE school = @school AND until IS NULL AND (file, line, code) IN (VALUES {string.Join(", ", page.Select(m => string.Create(CultureInfo.InvariantCulture, $"({m.File}, {m.Line}, '{m.Code}')")))})",
                new { school, window });
    }

    /// <summary>Registrations stand no longer.</summary>
    public static void End(DbConnection connection, DateOnly window, IEnumerable<(long School, long File, long Line)> ended)
    {
        // Few schools have any at all.
        var open = connection.Query<(long School, long File, long Line, string Code)>("SELECT school, file, line, code FROM misfit WHERE until IS NULL").ToLookup(m => (m.School, m.File, m.Line), m => m.Code);
        if (open.Count == 0) return;
        foreach (var school in ended.Distinct().SelectMany(e => open[e].Select(code => (e.School, e.File, e.Line, Code: code))).GroupBy(m => m.School))
            End(connection, school.Key, LedgerDatabase.Number(window), school.Select(m => (m.File, m.Line, m.Code)));
    }

    private static string Args(Finding finding) => string.Join(Finding.ArgSeparator, finding.Args);

    private static Dictionary<(long File, long Line, string Code), Finding> JudgeStanding(DbConnection connection, long school, DateOnly window, CourseCatalogue catalogue)
    {
        var now = new Dictionary<(long, long, string), Finding>();
        foreach (var (file, registrations) in LedgerDatabase.StandingRegistrations(connection, school, window))
            foreach (var f in RuleSet.JudgeStanding(registrations, catalogue))
                now.Add((file, f.Line, f.Code.ToString()), f);
        return now;
    }

    /// <summary>A school's misfits as a close left them, in file and line order.</summary>
    public static IEnumerable<Misfit> Of(DbConnection connection, string school, DateOnly window)
    {
        using var rows = connection.Prepare(
            "SELECT m.file, m.line, m.since, m.code, m.field, m.value, m.args, f.name, f.arrived FROM misfit m JOIN file f ON f.id = m.file " +
            "WHERE m.school = (SELECT id FROM school WHERE code = ?1) AND m.since <= ?2 AND (m.until IS NULL OR m.until > ?2) " +
            "ORDER BY m.file, m.line, m.code");
        rows.Bind(1, school).Bind(2, LedgerDatabase.Number(window));
        using var lines = new LineQuery(connection);
        Misfit? misfit = null;
        var findings = new List<Finding>();
        while (rows.Step())
        {
            var (line, since) = (rows.Int64(1), LedgerDatabase.Date(rows.Int64(2)));
            if (misfit is null || (misfit.File, misfit.Line) != (rows.Int64(0), line))
            {
                if (misfit is not null) yield return misfit;
                var eventId = lines.Find(rows.Int64(0), line)?.EventId is { } id ? Masking.Numbers(id.ToString(), ReportingCalendar.SwedishDate(LedgerDatabase.Instant(rows.Text(8)!)), out _) : null;
                misfit = new Misfit(rows.Int64(0), rows.Text(7)!, line, eventId, since, findings = []);
            }
            if (since < misfit.Since) misfit = misfit with { Since = since };
            findings.Add(new Finding(Enum.Parse<FindingCode>(rows.Text(3)!), line, Field: rows.Text(4), Value: rows.Text(5), Args: rows.Text(6)!.Split(Finding.ArgSeparator)));
        }
        if (misfit is not null) yield return misfit;
    }

    public static void WriteJson(Utf8JsonWriter json, IEnumerable<Misfit> misfits, Language language)
    {
        json.WriteStartArray("misfits");
        foreach (var m in misfits)
        {
            json.WriteStartObject();
            json.WriteString("fileId", FileId.Text(m.File));
            json.WriteString("fileName", m.FileName);
            json.WriteNumber("line", m.Line);
            json.WriteString("eventId", m.EventId);
            json.WriteString("kind", Words.Tag(RecordKind.Registration));
            json.WriteString("since", Words.Iso(m.Since));
            json.WriteStartArray("codes");
            foreach (var f in m.Findings) json.WriteStringValue(f.Code.ToString());
            json.WriteEndArray();
            json.WriteString("message", Message(m, language));
            json.WriteEndObject();
            if (json.BytesPending > 1 << 16) json.Flush();
        }
        json.WriteEndArray();
    }

    /// <summary>Nothing when all fits.</summary>
    public static void WriteHtml(HtmlPage page, IEnumerable<Misfit> misfits, Language language)
    {
        var sv = language == Language.Sv;
        var any = false;
        foreach (var m in misfits)
        {
            if (!any)
            {
                page.Heading(2, sv ? "Gäller, men stämmer inte med kurskatalogen" : "Stands, but does not fit the course catalogue");
                page.Paragraph(sv
                    ? "De här registreringarna är levererade och gäller, men kurstillfället har ändrats efteråt. Är kurstillfället fel, rätta det (KTF); då försvinner raden här när nästa fönster stänger. "
                      + "Är registreringen fel, mejla studierapporter@csn.se och ange filens id och radens nummer, inte personnumret."
                    : "These registrations are delivered and stand, but the offering was changed afterwards. If the offering is wrong, correct it (KTF); the line here goes when the next window closes. "
                      + "If the registration is wrong, mail studierapporter@csn.se and give the file's id and the line number, not the personnummer.");
                page.Table(sv ? ["#Rad", "Fil", "Post", "Kod", "Sedan", "Vad som inte stämmer"] : ["#Line", "File", "Record", "Code", "Since", "What does not fit"]);
                any = true;
            }
            page.Row(1, Phrase.Number(m.Line), FileNames.Shown(m.FileName, m.File), Words.Tag(RecordKind.Registration), Words.Codes(m.Findings), Words.Iso(m.Since), Message(m, language));
        }
        if (any) page.EndTable();
    }

    private static string Message(Misfit misfit, Language language) => string.Join(' ', misfit.Findings.Select(f => FindingCatalogue.Message(f, language)));
}
