using System.CommandLine;
using System.IO.Abstractions;
using System.Security.Cryptography;
using System.Text;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Pickup;
using Ingest.Worker.Receipts;
using Ingest.Worker.Settings;

namespace Ingest.Worker.Commands;

/// <summary>
/// <c>seal FILE</c>: after mending by hand, SLU states the file's own totals again; for CSV the <c>.klar</c> does. The file is replaced
/// whole by a rename. No copy of the old one is kept: only SLU differs, what it said is printed, and a copy in a drop folder would be
/// taken for a file.
/// </summary>
internal static class SealCommand
{
    private const int MostLinesShown = 20;

    public static Command Build(IReadOnlyList<string> settingArguments)
    {
        var path = new Argument<string>("FILE") { Description = "A file that was mended by hand" };
        var command = new Command("seal", "Work out SLU (for CSV: <FILE>.klar) again after mending by hand") { path };
        command.SetAction(parsed => Run(new FileSystem(), CommandLine.Settings(settingArguments, null), parsed.GetValue(path)!));
        return command;
    }

    private static int Run(FileSystem files, IngestSettings settings, string path)
    {
        if (!files.File.Exists(path)) throw new UsageException($"{path} finns inte, eller är ingen fil");
        // Through a link, so that it goes on being one.
        path = files.File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? files.Path.GetFullPath(path);
        var today = ReportingCalendar.SwedishDate(TimeProvider.System.GetUtcNow());
        var name = Masking.Numbers(files.Path.GetFileName(path), today, out _);
        UnixFileMode? mode = OperatingSystem.IsWindows() ? null : files.File.GetUnixFileMode(path);
        Seal seal;
        string sha256;
        using (var source = files.FileStream.New(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16))
        {
            seal = Seal.Of(source, today, settings.Limits.ToLimits());
            if (!seal.CanBeWritten) return Refuse(name, seal);
            sha256 = seal.Sniffed.Sha256;
            if (seal.Sniffed.Shape == FileShape.FixedWidth) sha256 = WriteTrailer(files, path, name, mode, source, seal);
        }
        var done = path + DoneFile.Suffix;
        // One that lies beside a fixed-width file would state the hash of what the file was.
        if (seal.Sniffed.Shape == FileShape.Csv || files.File.Exists(done)) WriteDoneFile(files, done, name + DoneFile.Suffix, mode, seal, sha256);
        return ExitCode.Ok;
    }

    private static int Refuse(string name, Seal seal)
    {
        Console.Error.WriteLine($"ingest: {name} kan inte förseglas; ingenting är skrivet.");
        foreach (var fault in seal.Faults)
            Console.Error.WriteLine($"  {(fault.Line > 0 ? $"rad {fault.Line}: " : "")}{fault.Code} {FindingCatalogue.Message(fault, Language.Sv)}");
        foreach (var line in seal.UnreadableLines.Take(MostLinesShown))
            Console.Error.WriteLine($"  rad {line}: hp går inte att läsa, så summan kan inte räknas ut. Rätta raden först.");
        if (seal.UnreadableLines.Count > MostLinesShown)
            Console.Error.WriteLine($"  … och {Words.Count(seal.UnreadableLines.Count - MostLinesShown, Language.Sv)} rader till.");
        return ExitCode.Refused;
    }

    /// <returns>SHA-256 of the file as it now is, lower-case hex.</returns>
    private static string WriteTrailer(FileSystem files, string path, string name, UnixFileMode? mode, FileSystemStream source, Seal seal)
    {
        var now = $"{Words.Records(seal.Records, Language.Sv)}, {new Credits(seal.Hundredths)} hp";
        if (seal.Before is { } stated && (stated.Records, stated.Hundredths) == (seal.Records, seal.Hundredths))
        {
            Console.WriteLine($"Slutposten (SLU) i {name} stämmer redan: {now}. Ingenting är skrivet i filen.");
            return seal.Sniffed.Sha256;
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var output = new OutputFile(files, files.Path.GetDirectoryName(path)!, files.Path.GetFileName(path), mode))
        {
            Copy(source, 0, seal.Offset, output.Stream, hash);
            output.Stream.Write(seal.Trailer);
            hash.AppendData(seal.Trailer);
            Copy(source, seal.Offset + seal.Replaced, source.Length, output.Stream, hash);
            output.Commit();
        }
        Console.WriteLine($"Slutposten (SLU) i {name} är skriven: {now}. {Before(seal.Before)}");
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Before(DeclaredTotals? before) => before is null
        ? "Förut fanns ingen slutpost."
        : $"Förut stod: {(before.Records is { } records ? Words.Records(records, Language.Sv) : "inget läsbart antal")}, {(before.Hundredths is { } hp ? $"{new Credits(hp)} hp" : "ingen läsbar summa")}.";

    private static void Copy(Stream source, long from, long to, Stream output, IncrementalHash hash)
    {
        source.Position = from;
        var buffer = new byte[1 << 16];
        for (var left = to - from; left > 0;)
        {
            var read = source.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (read == 0) throw new IOException("The file became shorter while it was read.");
            output.Write(buffer, 0, read);
            hash.AppendData(buffer, 0, read);
            left -= read;
        }
    }

    private static void WriteDoneFile(FileSystem files, string path, string name, UnixFileMode? mode, Seal seal, string sha256)
    {
        var before = DoneFile.Read(files, path);
        using (var output = new OutputFile(files, files.Path.GetDirectoryName(path)!, files.Path.GetFileName(path), mode))
        {
            output.Stream.Write(Encoding.UTF8.GetBytes(DoneFile.Write(seal.Records, seal.Hundredths, sha256)));
            output.Commit();
        }
        Console.WriteLine($"{name} är skriven: antal={seal.Records}, hp={new Credits(seal.Hundredths)}, sha256={sha256}. {BeforeDone(before)}");
    }

    private static string BeforeDone(string? before)
    {
        if (before is null) return "Förut fanns ingen.";
        var (records, hundredths, sha256) = DoneFile.Parse(before, out _);
        // Only what was understood is shown: anything may stand in such a file.
        return $"Förut stod: antal={(records is { } r ? Phrase.Number(r) : "-")}, hp={(hundredths is { } h ? new Credits(h).ToString() : "-")}, sha256={sha256 ?? "-"}.";
    }
}
