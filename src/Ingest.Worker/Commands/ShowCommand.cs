using System.CommandLine;
using System.IO.Abstractions;
using System.Text.Json;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Commands;

/// <summary><c>show</c>: what a school has reported about one student, and what stands. The look-up is logged before anything is shown.</summary>
internal static class ShowCommand
{
    public static Command Build(IReadOnlyList<string> settingArguments)
    {
        var school = new Option<string>("--school") { Description = "The skolkod", Required = true };
        var number = new Option<string>("--personnummer") { Description = "The student's number; - reads it from stdin, so that it stands in no shell history", Required = true };
        var format = CommandLine.FormatOption("text", "json");
        var (root, by, caseNumber) = (CommandLine.RootOption(), AccessLog.ByOption(), AccessLog.CaseOption());
        var command = new Command("show", "What a school has reported about one student; the look-up is logged") { school, number, root, format, by, caseNumber };
        command.SetAction(async (parsed, stop) =>
        {
            var settings = CommandLine.Settings(settingArguments, parsed.GetValue(root));
            var code = parsed.GetValue(school)!.ToUpperInvariant();
            var given = ActOptions.Secret(parsed.GetValue(number)!);
            using var look = IngestApp.Look(settings, new FileSystem(), TimeProvider.System, NullLoggerFactory.Instance);
            var student = Student(given, look, code);
            var facts = Read(look, code, student);
            await AccessLog.WriteAsync(look, new Access("", "show", code, student, null, facts.Count > 0), parsed.GetValue(by), parsed.GetValue(caseNumber), stop);
            if (facts.Count == 0)
            {
                await Console.Error.WriteLineAsync($"ingest: {code} har inte rapporterat något om {student} som räknas eller har räknats. Poster som avvisades när filen kom in står bara i filens kvittens.");
                return ExitCode.NotThere;
            }
            if (parsed.GetValue(format) == "json") PrintJson(code, student, facts);
            else PrintText(code, student, facts);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Personnummer Student(string given, IngestApp look, string school) =>
        Personnummer.Parse(given, ReportingCalendar.SwedishDate(look.Time.GetUtcNow()), out var number, out _) switch
        {
            PersonnummerFault.None => number,
            PersonnummerFault.CheckDigit => throw new UsageException("--personnummer har fel kontrollsiffra"),
            PersonnummerFault.NoSuchDate or PersonnummerFault.NotYetBorn => throw new UsageException("--personnummer har ett födelsedatum som inte finns"),
            PersonnummerFault.Interim => look.Ledger.PersonOf(school, Personnummer.InterimKey(given)) is { } person
                ? Personnummer.FromStorage(person)
                : throw new UsageException("--personnummer är ett interimsnummer som inte är länkat till någon; poster med sådana avvisas (P12) och finns inte i liggaren"),
            _ => throw new UsageException("--personnummer har inte rätt form: 12 siffror, eller 10 med eller utan - eller +"),
        };

    private static List<StudentFact> Read(IngestApp look, string school, Personnummer student)
    {
        using var connection = look.Ledger.Open();
        using var moment = connection.BeginSnapshot();
        return AccessLog.SchoolId(look, connection, school) is { } id
            ? LedgerDatabase.Facts(connection, id, [.. IdentityLinks.Of(connection, id, DateOnly.MaxValue).NumbersOf(student.Digits)])
            : [];
    }

    private static void PrintText(string school, Personnummer student, List<StudentFact> facts)
    {
        Console.WriteLine($"Det som {school} har rapporterat om {student}, i den ordning som det kom:");
        if (facts.Exists(f => f.Record.Student != student)) Console.WriteLine("Personen har fler nummer, som är länkade. Det som står under ett annat än det som du frågade om är märkt så.");
        foreach (var fact in facts)
        {
            Console.WriteLine();
            Console.WriteLine($"{Place(fact)}, mottagen {Words.Moment(fact.File.Arrived, Language.Sv)}{(fact.Record.Student == student ? "" : $", under ett annat nummer: {fact.Record.Student}")}");
            Console.WriteLine($"  {Words.Tag(fact.Record.Kind)} {(fact.Record.Action == ReportAction.N ? "ny" : "borttag")}: {(Emptied(fact) is { } gone ? $"det som stod i posten är gallrat {gone}" : string.Join(", ", Fields(fact).Select(f => $"{f.Name} {f.Value}")))}");
            Console.WriteLine($"  När filen kom in: {Intake(fact)}{Codes(fact.Found)}");
            foreach (var message in Messages(fact, fact.Found)) Console.WriteLine($"    {message}");
            if (fact.State == FactState.Pending)
            {
                Console.WriteLine($"  Fönstret är öppet och stänger {Words.Moment(ReportingCalendar.On(fact.Window).ClosesAt, Language.Sv)}.");
                continue;
            }
            Console.WriteLine($"  Vid stängningen {Words.Iso(fact.Window)}: {Close(fact)}{Codes(fact.FoundAtClose)}{(fact.Verdict?.Other is { } o ? $", mot {FileId.Text(o.File)} rad {o.Line}" : "")}");
            foreach (var message in Messages(fact, fact.FoundAtClose, fact.State == FactState.Refused)) Console.WriteLine($"    {message}");
            Console.WriteLine($"  Nu: {Now(fact)}");
        }
        Console.WriteLine();
        var standing = facts.Where(f => f.State == FactState.Standing).ToList();
        Console.WriteLine(standing.Count == 0 ? "Ingenting av det gäller nu." : "Det här gäller nu:");
        foreach (var fact in standing)
            Console.WriteLine($"  {Words.Tag(fact.Record.Kind)} {string.Join(", ", Fields(fact).Select(f => $"{f.Name} {f.Value}"))} ({Place(fact)})");
        Console.WriteLine();
        Console.WriteLine("Poster som avvisades eller hade rapporterats tidigare när filen kom in visas inte: de har aldrig räknats, och står bara i filens kvittens.");
    }

    private static string Place(StudentFact fact) => $"{FileNames.Shown(fact.File.Name, fact.File.Id)}, rad {fact.Line}";

    /// <summary>What the record says, by the published names; the student's number is left out wherever it stands.</summary>
    private static IEnumerable<(string Name, string Value)> Fields(StudentFact fact)
    {
        if (Emptied(fact) is not null) yield break;
        var arrival = ReportingCalendar.SwedishDate(fact.File.Arrived);
        foreach (var field in Layouts.Of(fact.Record.Kind).Fields)
        {
            if (!field.InFixedWidth || field.Role is FieldRole.Action or FieldRole.Student) continue;
            if (FieldText.Of(fact.Record, field, fixedWidth: false) is { Length: > 0 } value) yield return (field.Name, Masking.Numbers(value, arrival, out _));
        }
    }

    private static string Codes(IReadOnlyList<Finding> findings) => findings.Count == 0 ? "" : $" ({Words.Codes(findings)})";

    /// <summary>In words, while the ledger still has what they name.</summary>
    private static IEnumerable<string> Messages(StudentFact fact, IReadOnlyList<Finding> findings, bool refused = false) =>
        fact.File.DetailPurged is not { } purged ? findings.Select(f => FindingCatalogue.Message(f, Language.Sv, refused)).Distinct()
        : findings.Count > 0 ? [$"Vad som stod i fälten är gallrat {Day(purged)}; koderna är kvar."]
        : [];

    /// <summary>When what a record says was purged: only what a close refused ever is.</summary>
    private static string? Emptied(StudentFact fact) => fact.State == FactState.Refused && fact.File.DetailPurged is { } purged ? Day(purged) : null;

    private static string Day(DateTimeOffset at) => Words.Iso(ReportingCalendar.SwedishDate(at));

    private static string Intake(StudentFact fact) => fact.Status switch
    {
        RecordStatus.Waiting when fact.Found.Any(f => f.Code == FindingCode.K41) => "väntade på stängningen",
        RecordStatus.Waiting => "väntade, för något saknades eller stämde inte",
        var status => Words.Status(status),
    };

    private static string Close(StudentFact fact) => fact.Verdict switch
    {
        null or { Outcome: Outcome.Delivered, DeliveredAs: DeliveredAs.New } => "levererad som ny (N)",
        { Outcome: Outcome.Delivered, DeliveredAs: DeliveredAs.Removal } => "levererad som borttag (B)",
        { Outcome: Outcome.Delivered } => "levererad i en ändring (Ä)",
        { Outcome: Outcome.Netted } => "kvittad, inget levererades för den",
        _ => "avvisad",
    };

    private static string Now(StudentFact fact) => fact switch
    {
        { State: FactState.Standing } => "gäller",
        { State: FactState.Refused, Record.Action: ReportAction.B } => "borttaget är inte genomfört",
        { State: FactState.Refused } => "gäller inte, som om den aldrig hade kommit",
        { Verdict.Outcome: Outcome.Netted } when fact.FoundAtClose.Any(f => f.Code == FindingCode.K42) => "gäller inte: två poster i samma fönster upphävde varandra",
        { Record.Action: ReportAction.B } => "borttaget är genomfört",
        { Verdict.Outcome: Outcome.Netted } => "gäller inte",
        _ => "gäller inte längre: borttagen senare",
    };

    private static void PrintJson(string school, Personnummer student, List<StudentFact> facts)
    {
        using var json = new Utf8JsonWriter(Console.OpenStandardOutput(), ReceiptJson.Readable);
        JsonSerializer.Serialize(json, new
        {
            schema = "minatjanster-ingest/show/1",
            school,
            student = student.ToString(),
            records = facts.Select(f => new
            {
                fileId = FileId.Text(f.File.Id),
                fileName = f.File.Name,
                line = f.Line,
                student = f.Record.Student.ToString(),
                underOtherNumber = f.Record.Student != student,
                receivedAt = Words.Iso(f.File.Arrived),
                window = Words.Iso(f.Window),
                kind = Words.Tag(f.Record.Kind),
                action = f.Record.Action.ToString(),
                fields = Fields(f).ToDictionary(x => x.Name, x => x.Value),
                intake = new { status = Words.Machine(f.Status), codes = CodeList(f.Found), messages = Messages(f, f.Found) },
                close = f.State == FactState.Pending ? null : new
                {
                    outcome = Words.Machine(f.Verdict?.Outcome ?? Outcome.Delivered),
                    deliveredAs = f.Verdict is { } v ? v.DeliveredAs switch { DeliveredAs.New => "N", DeliveredAs.Removal => "B", DeliveredAs.Change => "Ä", _ => null } : "N",
                    codes = CodeList(f.FoundAtClose),
                    messages = Messages(f, f.FoundAtClose, f.State == FactState.Refused),
                    counterpart = f.Verdict?.Other is { } other ? new { fileId = FileId.Text(other.File), line = other.Line } : null,
                },
                state = Words.Machine(f.State),
                purged = f.File.DetailPurged is { } purged ? Day(purged) : null,
            }),
            standing = facts.Where(f => f.State == FactState.Standing).Select(f => new { fileId = FileId.Text(f.File.Id), line = f.Line }),
        });
        json.Flush();
        Console.WriteLine();
    }

    private static IEnumerable<string> CodeList(IReadOnlyList<Finding> findings) => findings.Select(f => f.Code).Distinct().Order().Select(c => c.ToString());
}
