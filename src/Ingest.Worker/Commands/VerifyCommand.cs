using System.CommandLine;
using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Verification;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Commands;

/// <summary><c>verify</c>: whether deliveries, manifests, originals and the ledger's rows are what was written; says which are not.</summary>
internal static class VerifyCommand
{
    public static Command Build(IReadOnlyList<string> settingArguments)
    {
        var root = CommandLine.RootOption();
        var command = new Command("verify", "Whether deliveries, manifests, originals and the ledger's rows are what was written") { root };
        command.SetAction(parsed => Run(CommandLine.Settings(settingArguments, parsed.GetValue(root)), new FileSystem(), Console.Out));
        return command;
    }

    internal static int Run(Settings.IngestSettings settings, IFileSystem files, TextWriter output)
    {
        using var app = IngestApp.Look(settings, files, TimeProvider.System, NullLoggerFactory.Instance);
        // The root's own, whatever this command was told: it stands in the names and contents of what was written.
        settings.Environment = app.Ledger.Setting(IngestService.EnvironmentKey) ?? settings.Environment;
        var verification = new RootCheck(app);
        var broken = 0L;
        verification.Run(found =>
        {
            broken++;
            output.WriteLine(found.What);
            output.WriteLine("  " + found.ToDo);
        });
        var ledger = verification.Ledger!;
        output.WriteLine($"Kontrollerat: {Words.Count(verification.Windows, Language.Sv)} leveranser, {Words.Count(verification.Originals, Language.Sv)} original, "
            + $"{Words.Count(ledger.Files, Language.Sv)} filers rader i liggaren ({Words.Count(ledger.Rows, Language.Sv)}).");
        if (ledger.Unsealed > 0) output.WriteLine($"{Words.Count(ledger.Unsealed, Language.Sv)} filer togs in av en äldre version; deras rader i liggaren kan inte kontrolleras.");
        if (verification.Purged > 0) output.WriteLine($"{Words.Count(verification.Purged, Language.Sv)} original är gallrade; av dem finns kontrollsumman kvar.");
        if (verification.PurgeGoesOn) output.WriteLine("En gallring pågår eller blev inte klar. purge --apply gör klart den.");
        output.WriteLine(broken == 0 ? "Allt stämmer." : $"{Words.Count(broken, Language.Sv)} fel.");
        return broken == 0 ? ExitCode.Ok : ExitCode.Broken;
    }
}
