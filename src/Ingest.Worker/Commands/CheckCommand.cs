using System.CommandLine;
using System.IO.Abstractions;
using System.Text;
using System.Text.Json;
using Ingest.Formats;
using Ingest.Worker.Intake;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;

namespace Ingest.Worker.Commands;

/// <summary><c>check FILE…</c>: the verdict that the service would give, touching nothing.</summary>
internal static class CheckCommand
{
    public static Command Build(IReadOnlyList<string> settingArguments)
    {
        var paths = new Argument<string[]>("FILE") { Description = "Files to check", Arity = ArgumentArity.OneOrMore };
        var school = new Option<string?>("--school") { Description = "The skolkod whose folder the file is meant for" };
        var root = new Option<string?>("--root") { Description = "Judge against this root's ledger too; without it only rules that need none are applied" };
        var profile = new Option<string?>("--profile") { Description = "The layout of the files: a profile's JSON file, or with --root the name of one in profiles/ (default: the school's own)" };
        var format = CommandLine.FormatOption("text", "json");
        var language = new Option<string>("--lang") { Description = "sv or en", DefaultValueFactory = _ => "sv" };
        language.AcceptOnlyFromAmong("sv", "en");
        var command = new Command("check", "Say what the service would say about a file, touching nothing") { paths, school, profile, root, format, language };
        command.SetAction(async (parsed, stop) =>
        {
            var settings = CommandLine.Settings(settingArguments, parsed.GetValue(root));
            var files = new FileSystem();
            var known = Register(files, settings, parsed.GetValue(root) is not null, parsed.GetValue(school), out var judged);
            var layout = parsed.GetValue(profile) is { } named ? ReadProfile(files, named, settings, parsed.GetValue(root) is not null) : null;
            var lang = parsed.GetValue(language) == "en" ? Language.En : Language.Sv;
            var worst = ExitCode.Ok;
            var json = parsed.GetValue(format) == "json" ? new Utf8JsonWriter(Console.OpenStandardOutput(), ReceiptJson.Readable) : null;
            var all = parsed.GetValue(paths)!;
            if (all.FirstOrDefault(p => !files.File.Exists(p)) is { } missing) throw new UsageException($"{missing} finns inte, eller är ingen fil");
            if (all.Length > 1) json?.WriteStartArray();
            foreach (var path in all)
            {
                using var check = new Check(files, settings, TimeProvider.System, judged);
                await check.RunAsync(path, known, layout, (row, records) => worst = Math.Max(worst, Print(row, records, json, settings, lang, judged: judged is not null)), stop);
            }
            if (all.Length > 1) json?.WriteEndArray();
            if (json is not null)
            {
                await json.DisposeAsync();
                Console.WriteLine();
            }
            return worst;
        });
        return command;
    }

    private static School? Register(FileSystem files, IngestSettings settings, bool hasRoot, string? code, out RootFolder? judged)
    {
        judged = null;
        if (!hasRoot)
            return code is null ? null : new School { Code = code.ToUpperInvariant(), Name = "", FileReporting = true, Services = [SchoolService.StudentReporting, SchoolService.CourseCatalogue] };
        var root = new RootFolder(files, settings.Root);
        IngestApp.RefuseNoRoot(settings, root);
        judged = root;
        using (var database = LedgerDatabase.Of(settings, root, TimeProvider.System, readOnly: true)) database.RefuseOtherVersion();
        if (code is null) throw new UsageException("--root behöver också --school");
        return SchoolsFile.Parse(root, settings).Find(code.ToUpperInvariant())
            ?? throw new UsageException($"skolan {code} finns inte i {root.Schools}");
    }

    /// <summary>A faulty profile is a faulty configuration, whichever file is checked: exit 78, as for the register.</summary>
    private static Profile ReadProfile(FileSystem files, string named, IngestSettings settings, bool hasRoot)
    {
        var path = hasRoot && !files.File.Exists(named) ? new RootFolder(files, settings.Root).ProfileOf(named) : named;
        if (!files.File.Exists(path)) throw new UsageException($"profilen {path} finns inte{(hasRoot ? "" : "; utan --root anges en JSON-fil")}");
        return Profile.Parse(files.Path.GetFileNameWithoutExtension(path), files.File.ReadAllText(path), out var faults, new ReadTerms { Grades = settings.Rules.ToTerms().Grades })
            ?? throw new StartException($"Profilen {path} är fel:" + string.Concat(faults.Select(f => Environment.NewLine + "  " + f)));
    }

    private static int Print(FileRow row, IEnumerable<RecordRow> records, Utf8JsonWriter? json, IngestSettings settings, Language language, bool judged)
    {
        var (refused, printed, text) = (false, 0, new StringBuilder());
        if (json is not null) ReceiptJson.WriteHead(json, row, settings.Environment, earlier: null, language, dryRun: true);
        else PrintHead(row, language);
        foreach (var record in records)
        {
            refused |= record.Findings.Any(f => f.Severity == Severity.F);
            if (json is not null)
            {
                foreach (var finding in record.Findings) ReceiptJson.WriteFinding(json, record, finding, FindingCatalogue.Words(finding, language));
                if (json.BytesPending > 1 << 16) json.Flush();
                continue;
            }
            foreach (var f in record.Findings)
            {
                printed++;
                text.Append("  ").Append(Where(f, language)).Append(f.Code).Append(" (").Append(Words.Severity(f.Severity, language).ToLowerInvariant()).Append(") ")
                    .Append(FindingCatalogue.Message(f, language)).Append(' ').Append(FindingCatalogue.Fix(f, language)).AppendLine();
            }
            // The console writes at once what it is given; a line at a time, a hundred thousand would take seconds.
            if (text.Length < 1 << 16) continue;
            Console.Out.Write(text);
            text.Clear();
        }
        Console.Out.Write(text);
        if (json is not null) ReceiptJson.WriteEnd(json);
        else if (!judged) Console.WriteLine(language == Language.Sv
            ? "  Bara filen själv är kontrollerad: kurskatalog, tidigare rapporter och löpnummer kontrolleras med --root."
            : "  Only the file itself was checked: course catalogue, earlier reports and löpnummer are checked with --root.");
        if (json is null && printed > 0) Console.WriteLine();
        return refused ? ExitCode.Refused : row.Counts.Rejected > 0 ? ExitCode.SomeRejected : ExitCode.Ok;
    }

    private static void PrintHead(FileRow row, Language language)
    {
        var sv = language == Language.Sv;
        var status = (row.Status, sv) switch
        {
            (FileStatus.Accepted, true) => "skulle accepteras",
            (FileStatus.AcceptedWithWarnings, true) => "skulle accepteras, med varningar",
            (FileStatus.PartiallyAccepted, true) => "skulle accepteras delvis",
            (FileStatus.Duplicate, true) => "är redan inlämnad",
            (FileStatus.Rejected, true) => "skulle avvisas",
            (FileStatus.Accepted, _) => "would be accepted",
            (FileStatus.AcceptedWithWarnings, _) => "would be accepted, with warnings",
            (FileStatus.PartiallyAccepted, _) => "would be accepted in part",
            (FileStatus.Duplicate, _) => "has been handed in before",
            _ => "would be refused",
        };
        Console.WriteLine($"{row.Name}: {status}.{(row.Sniffed!.Format is { } format ? $" {format}, {row.Sniffed.Text.Name()}." : "")}");
        Console.WriteLine("  " + Words.Counts(row.Counts, language));
    }

    private static string Where(Finding f, Language language)
    {
        if (f.Line == 0) return "";
        var (line, column) = language == Language.Sv ? ("rad", "position") : ("line", "column");
        return f.Column is { } at ? $"{line} {f.Line}, {column} {at}: " : $"{line} {f.Line}: ";
    }
}
