using System.CommandLine;
using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Operators;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Commands;

/// <summary>What every act of an operator states: in which root, who, why, and under which case number.</summary>
internal sealed class ActOptions
{
    private readonly IReadOnlyList<string> settingArguments;
    private readonly Option<string?> root = CommandLine.RootOption();
    private readonly Option<string> who = new("--by") { Description = "Who does it", Required = true };
    private readonly Option<string> caseNumber = new("--case") { Description = "The case number", Required = true };
    private readonly Option<string?> why;

    /// <param name="whyRequired">False where the act explains itself.</param>
    public ActOptions(Command command, IReadOnlyList<string> settingArguments, bool whyRequired = true)
    {
        this.settingArguments = settingArguments;
        why = new Option<string?>("--why") { Description = "Why; no names and no personnummer", Required = whyRequired };
        foreach (var option in new Option[] { root, who, why, caseNumber }) command.Options.Add(option);
    }

    public IngestApp Open(ParseResult parsed) =>
        IngestApp.Beside(CommandLine.Settings(settingArguments, parsed.GetValue(root)), new FileSystem(), TimeProvider.System, NullLoggerFactory.Instance);

    public AuditEntry Entry(ParseResult parsed, IngestApp app, string action, string school, string? detail = null) =>
        new(app.Time.GetUtcNow(), Masked(Stated(parsed, who), app)!, action, school, Masked(Stated(parsed, caseNumber), app)!, Masked(parsed.GetValue(why), app), detail);

    // Asked for without numbers, and given with them all the same.
    private static string? Masked(string? text, IngestApp app) => text is null ? null : Masking.Numbers(text, ReportingCalendar.SwedishDate(app.Time.GetUtcNow()), out _);

    private static string Stated(ParseResult parsed, Option<string> option) =>
        parsed.GetValue(option) is { } value && value.Trim().Length > 0 ? value.Trim() : throw new UsageException($"{option.Name} får inte vara tomt");

    public static School School(IngestApp app, string code) =>
        app.Schools.Current.Find(code.ToUpperInvariant()) ?? throw new UsageException($"skolan {code} finns inte i {app.Root.Schools}");

    /// <summary>A personnummer as an argument, or <c>-</c> for the next line of the standard input, so that it stands in no history of commands.</summary>
    public static string Secret(string argument) => argument == "-" ? Console.In.ReadLine()?.Trim() ?? "" : argument.Trim();

    /// <exception cref="UsageException">It is none; the message does not say what it was.</exception>
    public static Personnummer Personnummer(string text, TimeProvider time) =>
        Formats.Personnummer.Parse(text, ReportingCalendar.SwedishDate(time.GetUtcNow()), out var number, out _) == PersonnummerFault.None
            ? number
            : throw new UsageException("personnumret har inte rätt form, datum eller kontrollsiffra");

    /// <summary>Says what an act came to, record by record.</summary>
    public static int Print(Act act, string what)
    {
        foreach (var record in act.Records)
            foreach (var f in record.Findings)
                Console.WriteLine($"  {(f.Line == 0 ? "" : $"rad {f.Line}: ")}{f.Code} {FindingCatalogue.Message(f, Language.Sv)}");
        var c = act.File.Counts;
        if (!act.Taken && c.Read > 0 && c.Duplicate == c.Read)
        {
            Console.WriteLine("Ingenting är gjort: allt är redan rapporterat.");
            return ExitCode.Ok;
        }
        if (!act.Taken)
        {
            Console.WriteLine($"Ingenting är gjort: {what} skulle inte gälla ({(act.File.Status == FileStatus.Rejected && c.Read == 0 ? "filen avvisas" : $"avvisade {c.Rejected}, väntar {c.Waiting}, av {c.Read}")}).");
            return act.File.Status == FileStatus.Rejected ? ExitCode.Refused : ExitCode.SomeRejected;
        }
        var when = act.File.Origin == Origin.Baseline
            ? $"gäller nu: {c.Accepted} av {c.Read} poster ({c.Duplicate} fanns redan, {c.Rejected} avvisade)"
            : $"räknas i fönstret som stänger {Words.Moment(ReportingCalendar.On(act.File.Window).ClosesAt, Language.Sv)}";
        Console.WriteLine($"{FileId.Text(act.File.Id)}: {what} {when}.");
        foreach (var e in act.Done) Console.WriteLine($"  rad {e.Line}: {Said(e.Record)}");
        return c.Rejected > 0 ? ExitCode.SomeRejected : ExitCode.Ok;
    }

    /// <summary>What a record says, for whoever entered it to see that it is the right one; the number is masked.</summary>
    private static string Said(StudentRecord record)
    {
        var fields = Layouts.Of(record.Kind).Fields.Where(f => f.InFixedWidth && f.Role is not (FieldRole.Action or FieldRole.Student))
            .Select(f => (f.Name, Value: FieldText.Of(record, f, fixedWidth: false))).Where(f => f.Value.Length > 0);
        return $"{(record.Action == ReportAction.B ? "borttag" : "ny")} {Words.Tag(record.Kind)} för {record.Student}: {string.Join(", ", fields.Select(f => $"{f.Name} {Masking.Value(f.Value)}"))}";
    }
}
