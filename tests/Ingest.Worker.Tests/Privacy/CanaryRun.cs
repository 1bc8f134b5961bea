using System.IO.Abstractions;
using System.Text;
using Ingest.Worker.Commands;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Support;
using static Ingest.Worker.Tests.Privacy.Canaries;

namespace Ingest.Worker.Tests.Privacy;

/// <summary>A root through which every kind of failure has gone, each with a number of its own, over two closes.</summary>
internal sealed class CanaryRun : IDisposable
{
    private const string RegHeader = "personnummer;kurskod;kurstillfälleskod;registreringstyp;omfattning;studietakt;start;slut;registreringsdatum";
    private static readonly FileSystem Files = new();
    private readonly SettableClock clock = new(DemoCommand.Morning);
    private int sequence;
    private IngestApp app = null!;

    public string Root { get; } = Files.Directory.CreateTempSubdirectory("ingest-canary-").FullName;

    /// <summary>Every file that may be searched, path under the root and text; and every log line.</summary>
    public List<(string Place, string Text)> Written { get; } = [];

    public static async Task<CanaryRun> RunAsync()
    {
        var run = new CanaryRun();
        var settings = DemoCommand.Settings(run.Root);
        using var sink = new SmtpSink();
        settings.Alarms.Mail = new MailSettings { Host = "127.0.0.1", Port = sink.Port, Security = "None", From = "ingest@example.org", To = ["drift@example.org"] };
        using var logs = new RecordingLogs(CommandLine.Logs(settings, console: false));
        using (run.app = IngestApp.Open(settings, Files, run.clock, logs))
        {
            await run.app.Service.StartAsync(CancellationToken.None);
            await run.DropAllAsync();
            await run.CloseAsync(19);
            await run.DropTuesdayAsync();
            await run.CloseAsync(20);
        }
        logs.Dispose();
        run.Collect(logs);
        run.Written.AddRange(sink.Mails.Select(m => ("a mail", $"{m.Headers}\n{m.Subject}\n{m.TextBody}")));
        return run;
    }

    public void Dispose() => Files.Directory.Delete(Root, recursive: true);

    private async Task DropAllAsync()
    {
        await KthAsync("katalog.txt", "KTFNKANA01    V26A      Kurs".PadRight(84) + "015001002026011920260329", "MODNKANA01    M1        Modul".PadRight(84) + "01500");
        await FileFaultsAsync();
        await NamesAsync();
        await FieldsAsync();
        await CsvAsync();

        await KthAsync("leverans.txt", Reg(Of("a delivered record")), Reg(Of("a removal at the close (K41)")), Reg(Of("a record refused at the close"), course: "FINNSEJ"));
        await KthAsync("kvittas.txt", Reg(Of("a netted record (K42)")), Reg(Of("a netted record (K42)"), action: 'B'));
        var same = Csv(RegHeader, Row(Of("a duplicate file")));
        await DropAsync("LU", "samma.csv", same);
        await DropAsync("LU", "samma-igen.csv", same);

        // Receipts that cannot be written: the file is tried again when the folder is back.
        Files.Directory.Move(app.Root.OutOf("LU"), app.Root.OutOf("LU") + ".borta");
        await Files.File.WriteAllTextAsync(app.Root.OutOf("LU"), "");
        await DropAsync("LU", Of("a file whose receipts cannot be written") + ".csv", Csv(RegHeader, Row(Of("a file whose receipts cannot be written"))));
        Files.File.Delete(app.Root.OutOf("LU"));
        Files.Directory.Move(app.Root.OutOf("LU") + ".borta", app.Root.OutOf("LU"));
        clock.Advance(TimeSpan.FromMinutes(2));
        await StepAsync();
    }

    /// <summary>F01 to F18 but for what the name holds.</summary>
    private async Task FileFaultsAsync()
    {
        await DropAsync("KTH", "tom.txt", "");
        await DropAsync("KTH", "okand.txt", $"{Name} {Of("an unrecognised file")}\r\n");
        await DropAsync("KTH", "binar.txt", $"{Name} {Of("a binary file")}\0");
        await DropAsync("KTH", "utan-huv.txt", Reg(Of("a file without HUV")) + "\r\nSLU0000000100000001500\r\n");
        await DropAsync("KTH", "trasig-huv.txt", $"HUV{Of("a file with a broken HUV")} {Name}\r\nSLU0000000000000000000\r\n");
        await DropAsync("KTH", "utan-slu.txt", Huv() + "\r\n" + Reg(Of("a file without SLU")) + "\r\n");
        await DropAsync("KTH", "efter-slu.txt", Huv() + $"\r\nSLU0000000000000000000\r\n{Of("text after SLU")} {Name}\r\n");
        await DropAsync("LU", "lang-rad.csv", Csv(RegHeader, Of("a line too long") + new string('x', 10_001) + Name));
        await DropAsync("LU", "saknas.csv", Csv("personnummer;kurskod;kurstillfälleskod;registreringstyp;namn", $"{Of("a missing column")};KANA01;V26A;FFG;{Name}"));
        await DropAsync("LU", "tva-ganger.csv", Csv(RegHeader + ";pnr", Row("199601012397") + ";" + Of("a column that occurs twice")));
        await DropAsync("LU", "annan-skola.csv", Csv(RegHeader + ";skolkod", Row(Of("a file of another school")) + ";KTH"));
        await DropAsync("LU", "annan-miljo.csv", Csv(RegHeader + ";miljö", Row(Of("a file of the other environment")) + ";PROD"));
        var next = sequence;
        sequence = 0;
        await KthAsync("samma-lopnummer.txt", Reg(Of("a löpnummer used twice")));
        sequence = next;
        await DropAsync("KTH", "fel-antal.txt", $"{Huv()}\r\n{Reg(Of("counts that differ"))}\r\nSLU0000000900000000001\r\n");
        await DropAsync("LU", "for-manga.csv", Csv([RegHeader, .. Enumerable.Repeat(Row(WrongOf("too many faults")), 12)]));
        await DropAsync("PAPPER", "papper.csv", Csv(RegHeader, Row(Of("a school without file reporting"))));
        Files.Directory.CreateDirectory(app.Root.InOf("OKÄND"));
        await DropAsync("OKÄND", "okand-skola.csv", Csv(RegHeader, Row(Of("an unknown school's folder"))));
        await DropAsync("", Of("the folder in/ itself") + ".csv", Csv(RegHeader, Row(Of("the folder in/ itself"))));
        await DropAsync("HÖS", "klar.csv", Csv(RegHeader, Row(Of("a done-file"))), $"antal=2\nsha256={Of("a done-file")}\n{Name}={Of("a done-file")}\n{Of("a done-file")}");
        await DropAsync("HÖS", "tjanst.csv", Csv("kurskod;modulkod;benämning;hp", $"KANA01;M1;{Name} {Of("a service that the school does not have")};15"), "");
    }

    /// <summary>Numbers in names.</summary>
    private async Task NamesAsync()
    {
        await DropAsync("LU", Of("the file name") + ".csv", Csv(RegHeader, Row(Of("the file name"))));
        await DropAsync("LU", $"student {Of("the file name with a dash").Insert(8, "-")}.csv", Csv(RegHeader, Row("199601022388")));
        await DropAsync("LU", $"a_{Ten("the file name with ten digits")}_b.csv", "x\r\n");
        await DropAsync("LU", Dashed("the file name with a plus", '+') + ".csv", Csv("personnummer;kurskod", "x;y"));
        Files.Directory.CreateDirectory(app.Root.InOf(Of("the name of an unknown school's folder")));
        await DropAsync(Of("the name of an unknown school's folder"), "fil.csv", Csv(RegHeader, Row("199601022388")));
        Files.Directory.CreateDirectory(Files.Path.Combine(app.Root.InOf("LU"), Of("the name of a folder in a drop folder")));
        await StepAsync();
    }

    /// <summary>Numbers in fields of fixed-width records that they do not belong in.</summary>
    private async Task FieldsAsync()
    {
        await KthAsync("falt.txt",
            Reg(WrongOf("the personnummer field, wrong")),
            Reg(Dashed("the personnummer field with a dash, wrong")[..10] + WrongOf("the personnummer field with a dash, wrong")[^1]),
            Reg(Of("the personnummer field, right"), date: "20270101"),
            Reg("199601012397", course: Ten("kurskod with ten digits")),
            Reg("199601012397", offering: Ten("kurstillfälleskod with ten digits")),
            ("RESN198802292394" + Ten("a kurskod that a result names").PadRight(30) + "01500VG 20260116N"),
            ("RESN199601012397" + "KANA01".PadRight(20) + Ten("modulkod with ten digits") + "01500XX 20260116N"),
            Reg("199601012397", course: "FINNSEJ", id: Of("händelse-id")),
            Reg("199601012397", start: Of("a date field")[..8], end: Of("a date field")[4..]),
            Reg("199601012397", hp: "1" + Of("an hp field")[8..11] + ","),
            Reg("199601012397").PadRight(108) + Of("text past the record's end"),
            "XXXN" + Of("a line of unknown type") + Name);
        await DropAsync("KTH", "system.txt", $"{Huv(system: Of("the sending system"))}\r\n{Reg("199601012397")}\r\nSLU0000000100000001500\r\n");
    }

    private async Task CsvAsync()
    {
        await DropAsync("LU", "falt.csv", Csv(
            $"åtgärd;{RegHeader};händelse-id;namn",
            $"N;{Row(Of("the personnummer field, too long") + "1")};;{Name}",
            $"N;{Row("199601022388", Of("kurskod"))};;{Name} {Of("an unknown column")}",
            $"N;{Row("199601022388", start: Of("a date field"))};{Of("händelse-id")};",
            $"N;199601022388;KANA01;V26A;{Of("a code list field")};{Of("an hp field")};{Of("an hp field")};2026-01-19;2026-03-29;2026-01-12;;",
            $"N;{Row("199601022388")};;{Name};{Of("a row with too many columns")}",
            $"N;{Row("199601022388")};;\"{Name} {Of("a quote that never closes")}"));
        await DropAsync("LU", "kolumnnamn.csv", Csv($"{RegHeader};{Of("the name of an unknown column")};{Dashed("the name of an unknown column")}", Row("199601022388") + ";;"));
        await DropAsync("LU", "kolumn-borta.csv", Csv($"{Of("the name of a missing column")};kurskod;kurstillfälleskod;registreringstyp", $"{Of("the name of a missing column")};KANA01;V26A;FFG"));
        await DropAsync("LU", "benamning.csv", Csv("kurskod;modulkod;benämning;hp", $"KANA01;M1;{Of("benämning")} {new string('x', 60)};15", $"KANA01;M2;Prov\u200b {Of("benämning")};15"));
        await DropAsync("LU", "skolkod.csv", Csv(RegHeader + ";skolkod", Row("199601022388") + ";" + Of("skolkod in a row")));
    }

    private async Task DropTuesdayAsync()
    {
        clock.Set(DemoCommand.Morning.AddDays(1));
        await KthAsync("borttag.txt", Reg(Of("a removal at the close (K41)"), action: 'B'),
            Reg(Of("a removal without replacement (K45)")), Reg(Of("a removal without replacement (K45)"), action: 'B'), Reg(Of("a removal without replacement (K45)"), offering: "FINNSEJ"));
    }

    private string Huv(string system = "Ladok") => $"HUVRVF1KTH     {system,-20}{++sequence:D8}20260119073000TEST";

    private static string Reg(string number, string course = "KANA01", string offering = "V26A", char action = 'N', string hp = "01500", string start = "20260119", string end = "20260329",
        string date = "20260112", string id = "") => $"REG{action}{number,-12}{course,-10}{offering,-10}FFG{hp,-5}100{start,-8}{end,-8}{date,-8}{id}";

    private static string Row(string number, string course = "KANA01", string start = "2026-01-19") => $"{number};{course};V26A;FFG;15;100;{start};2026-03-29;2026-01-12";

    private static string Csv(params string[] lines) => string.Concat(lines.Select(l => l + "\r\n"));

    private Task KthAsync(string name, params string[] records)
    {
        var sum = records.Where(r => r.StartsWith("REG", StringComparison.Ordinal)).Sum(r => int.TryParse(r.AsSpan(39, 5), out var hp) ? hp : 0)
            + records.Where(r => r.StartsWith("RES", StringComparison.Ordinal)).Sum(r => int.Parse(r.AsSpan(46, 5), System.Globalization.CultureInfo.InvariantCulture))
            + records.Where(r => r[..3] is "KTF" or "MOD").Sum(r => int.Parse(r.AsSpan(84, 5), System.Globalization.CultureInfo.InvariantCulture));
        return DropAsync("KTH", name, $"{Huv()}\r\n{string.Concat(records.Select(r => r + "\r\n"))}SLU{records.Length:D8}{sum:D11}\r\n");
    }

    private async Task DropAsync(string folder, string name, string text, string? done = null)
    {
        var path = Files.Path.Combine(app.Root.In, folder, name);
        await Files.File.WriteAllBytesAsync(path, Encoding.UTF8.GetBytes(text));
        if (done is not null) await Files.File.WriteAllTextAsync(path + ".klar", done);
        await StepAsync();
        clock.Advance(TimeSpan.FromSeconds(10));
    }

    private Task StepAsync() => app.Service.StepAsync(null, CancellationToken.None);

    private async Task CloseAsync(int day)
    {
        clock.Set(new DateTimeOffset(2026, 1, day, 14, 30, 0, TimeSpan.FromHours(1)));
        await StepAsync();
        clock.Set(new DateTimeOffset(2026, 1, day, 15, 0, 3, TimeSpan.FromHours(1)));
        app.Bell.Ring();
        await StepAsync();
    }

    private void Collect(RecordingLogs logs)
    {
        string[] ownBytes = ["in", "work", "archive", "quarantine", "delivery"];
        foreach (var path in Files.Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories))
        {
            var place = path[(Root.Length + 1)..];
            var top = place.Split('/', '\\')[0];
            // Names count wherever we wrote them.
            if (top != "in") Written.Add((place, place));
            if (ownBytes.Contains(top) || place.StartsWith("ledger.db", StringComparison.Ordinal) || place.Contains("omsandning", StringComparison.Ordinal)) continue;
            Written.Add((place, Files.File.ReadAllText(path)));
        }
        Written.AddRange(logs.Lines.Select(line => ("a log line", line)));
    }
}
