using System.Text.Json;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Microsoft.Data.Sqlite;

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
    /// <summary>Looks through the registrations of every school whose offerings the window changed. Part of the close's transaction, after its verdicts.</summary>
    /// <param name="catalogueOf">The catalogue at this close; null for a school without one, which then has no misfits.</param>
    public static void Update(SqliteConnection connection, DateOnly window, Func<(long Id, string Code), CourseCatalogue?> catalogueOf)
    {
        var p = new { window = LedgerDatabase.Number(window), offering = (int)RecordKind.CourseOffering };
        foreach (var (id, code, changed) in connection.Query<(long, string, bool)>(
                     "SELECT id, code, id IN (SELECT school FROM catalogue WHERE window = @window AND kind = @offering) AS changed FROM school " +
                     "WHERE changed OR id IN (SELECT school FROM misfit WHERE until IS NULL) ORDER BY code", p).ToList())
        {
            var catalogue = catalogueOf((id, code));
            if (catalogue is not null && !changed) continue;
            connection.Execute(
                "CREATE TEMP TABLE IF NOT EXISTS misfit_now (file INTEGER, line INTEGER, code TEXT, field TEXT, value TEXT, args TEXT, PRIMARY KEY (file, line, code)) WITHOUT ROWID; DELETE FROM temp.misfit_now");
            if (catalogue is not null) JudgeStanding(connection, id, window, catalogue);
            connection.Execute(
                """
                UPDATE misfit SET until = @window WHERE school = @id AND until IS NULL AND NOT EXISTS
                    (SELECT 1 FROM temp.misfit_now n WHERE n.file = misfit.file AND n.line = misfit.line AND n.code = misfit.code AND n.args = misfit.args);
                INSERT INTO misfit (school, file, line, code, since, field, value, args) SELECT @id, file, line, code, @window, field, value, args FROM temp.misfit_now n
                    WHERE NOT EXISTS (SELECT 1 FROM misfit m WHERE m.school = @id AND m.file = n.file AND m.line = n.line AND m.code = n.code AND m.until IS NULL);
                """,
                new { id, p.window });
        }
    }

    private static void JudgeStanding(SqliteConnection connection, long school, DateOnly window, CourseCatalogue catalogue)
    {
        using var insert = new RawStatement(connection, "INSERT INTO temp.misfit_now (file, line, code, field, value, args) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        foreach (var (file, _, e) in LedgerDatabase.Standing(connection, school, window))
            if (e.Record is Registration registration)
                foreach (var f in RuleSet.JudgeStanding(registration, e.Line, catalogue))
                    insert.Bind(1, file).Bind(2, f.Line).Bind(3, f.Code.ToString()).Bind(4, f.Field).Bind(5, f.Value).Bind(6, string.Join(Finding.ArgSeparator, f.Args)).Run();
    }

    /// <summary>A school's misfits as a close left them, in file and line order.</summary>
    public static IEnumerable<Misfit> Of(SqliteConnection connection, string school, DateOnly window)
    {
        using var rows = new RawStatement(connection,
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
