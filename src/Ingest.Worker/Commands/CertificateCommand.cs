using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Operators;

namespace Ingest.Worker.Commands;

/// <summary>
/// <c>certificate add</c>: what comes on paper. <c>2441w</c>, a registration that cannot be made in Ladok; <c>supervisor</c>, a
/// supervisor's certificate of a part of a large individual work. Every particular is demanded, and all that are missing are named at once.
/// </summary>
internal static class CertificateCommand
{
    public static Command Build(IReadOnlyList<string> settingArguments) =>
        new("certificate", "Paper certificates") { new Command("add", "Enter one, in the next window") { Registration(settingArguments), Supervisor(settingArguments) } };

    private static Command Registration(IReadOnlyList<string> settingArguments)
    {
        var form = new Form("2441w", "Form 2441W: a registration that cannot be made in Ladok");
        var (offering, type, hp, pace) = (form.Text("--offering", "kurstillfälleskod"), form.Text("--type", "FFG, FO or OM"), form.Text("--hp", "omfattning, hp"), form.Text("--pace", "studietakt, per cent"));
        var (from, to, registered) = (form.Text("--from", "period start, yyyy-MM-dd"), form.Text("--to", "period end"), form.Text("--registered", "registration date"));
        return form.Command(settingArguments, p => new Registration
        {
            Student = p.Student,
            CourseCode = p.Course,
            OfferingCode = p.Code(offering),
            Type = Enum.TryParse<RegistrationType>(p.Of(type), ignoreCase: true, out var t) && Enum.GetNames<RegistrationType>().Contains(p.Code(type)) ? t : p.Wrong<RegistrationType>(type, "FFG, FO eller OM"),
            Extent = p.Hp(hp),
            Pace = int.TryParse(p.Of(pace), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent is > 0 and <= 200 ? percent : p.Wrong<int>(pace, "ett heltal från 1 till 200"),
            Start = p.Date(from),
            End = p.Date(to),
            RegistrationDate = p.Date(registered),
        }, p => new { form = "2441W" });
    }

    private static Command Supervisor(IReadOnlyList<string> settingArguments)
    {
        var form = new Form("supervisor", "A supervisor's certificate of a part of a large individual work");
        var courseName = form.Text("--course-name", "name of the course");
        var (total, done, date) = (form.Text("--total-hp", "hp of the whole work"), form.Text("--done-hp", "hp that the supervisor judges done"), form.Text("--date", "date of the certificate, yyyy-MM-dd"));
        var (judge, issuer) = (form.Text("--supervisor", "the supervisor, who is the judge"), form.Text("--issued-by", "who issued it: the supervisor, or the supervisor's delegate"));
        var stamped = form.Text("--stamp", "what it bears: stamp (school stamp) or letterhead");
        return form.Command(settingArguments, p =>
        {
            var (whole, part) = (p.Hp(total), p.Hp(done));
            if (part > whole || part.Hundredths == 0) p.Wrong<int>(done, "mer än 0 hp, och inte mer än hela arbetet");
            if (p.Of(stamped) is not ("stamp" or "letterhead")) p.Wrong<int>(stamped, "stamp eller letterhead");
            // Part of a work is no module: it counts on the course, with what the supervisor has judged done so far.
            return new Result { Student = p.Student, CourseCode = p.Course, Credits = part, Grade = "G", ExaminationDate = p.Date(date) };
        }, p => new { form = "supervisor", courseName = p.Of(courseName), totalHp = p.Of(total), supervisor = p.Of(judge), issuedBy = p.Of(issuer), bears = p.Of(stamped) });
    }

    /// <summary>One kind of certificate: its options, of which none may be missing.</summary>
    private sealed class Form(string name, string description)
    {
        private readonly Command command = new(name, description);
        private readonly List<Option<string?>> particulars = [];

        public Option<string?> Text(string option, string what)
        {
            var made = new Option<string?>(option) { Description = what, Required = true };
            particulars.Add(made);
            command.Options.Add(made);
            return made;
        }

        public Command Command(IReadOnlyList<string> settingArguments, Func<Particulars, StudentRecord> record, Func<Particulars, object> detail)
        {
            var school = new Option<string>("--school") { Description = "The skolkod", Required = true };
            command.Options.Add(school);
            var (number, student, course) = (Text("--personnummer", "the student's; - reads it from the standard input"), Text("--name", "the student's name, as certified; not kept"), Text("--course", "kurskod"));
            var act = new ActOptions(command, settingArguments, whyRequired: false);
            command.SetAction(async (parsed, stop) =>
            {
                // Given, but empty; what is not given at all is told before it comes to this.
                var missing = particulars.Where(o => string.IsNullOrWhiteSpace(parsed.GetValue(o))).Select(o => o.Name).ToList();
                if (missing.Count > 0) throw new UsageException($"intyget måste ange allt; det här är tomt: {string.Join(", ", missing)}");
                using var app = act.Open(parsed);
                var of = ActOptions.School(app, parsed.GetValue(school)!);
                var stated = new Particulars(parsed, ActOptions.Personnummer(ActOptions.Secret(parsed.GetValue(number)!), app.Time), course);
                var made = record(stated);
                if (stated.Faults.Count > 0) throw new UsageException(string.Join("; ", stated.Faults));
                var entry = act.Entry(parsed, app, "certificate", of.Code, JsonSerializer.Serialize(detail(stated)));
                return ActOptions.Print(await new OperatorDesk(app).ReportAsync(of, Origin.Certificate, "intyg.txt", [made], entry, stop), "intyget");
            });
            return command;
        }
    }

    /// <summary>What was stated, with every fault in it.</summary>
    private sealed class Particulars(ParseResult parsed, Personnummer student, Option<string?> course)
    {
        private const int LongestCode = 10;

        public List<string> Faults { get; } = [];

        public Personnummer Student { get; } = student;

        public string Course => Code(course);

        public string Of(Option<string?> option) => parsed.GetValue(option)!.Trim();

        public string Code(Option<string?> option) =>
            Of(option) is { Length: <= LongestCode } code ? code.ToUpperInvariant() : Wrong<string>(option, $"högst {LongestCode} tecken") ?? "";

        public T? Wrong<T>(Option<string?> option, string expected)
        {
            Faults.Add($"{option.Name}: väntat {expected}");
            return default;
        }

        public DateOnly Date(Option<string?> option) =>
            DateOnly.TryParseExact(Of(option), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : Wrong<DateOnly>(option, "ett datum, åååå-mm-dd");

        public Credits Hp(Option<string?> option) =>
            decimal.TryParse(Of(option).Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hp) && hp * 100 == Math.Floor(hp * 100) && hp < 1000
                ? new Credits((long)(hp * 100))
                : Wrong<Credits>(option, "hp med högst två decimaler");
    }
}
