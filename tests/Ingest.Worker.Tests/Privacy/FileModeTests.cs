using System.Diagnostics;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Privacy;

/// <summary>Who may read and write what the real program makes on a real disk, under umasks from careless to strict.</summary>
// The ledger's file among them.
[Category("SqliteOnly")]
[Platform(Exclude = "Win")]
internal sealed class FileModeTests
{
    private static readonly string[] PrivateFolders = ["archive", "delivery", "logs", "profiles", "quarantine", "work"];
    private static readonly string[] PrivateFiles = ["correlation.key", "ingest.act.lock", "ingest.lock", "ledger.db"];

    // Of the root, the register, a folder in in/ and ut/, and a receipt: what the umask leaves of 0777 and 0666, but others never write the first two.
    [TestCase("000", "755", "644", "777", "666")]
    [TestCase("022", "755", "644", "755", "644")]
    [TestCase("077", "700", "600", "700", "600")]
    public void What_is_private_is_the_owners_alone_whatever_the_umask_and_the_rest_is_as_it_says(string umask, string rootMode, string register, string openFolder, string receipt)
    {
        using var folder = new TempFolder();
        var root = folder.At("rot");
        Run(umask, root);
        File.WriteAllText(Path.Combine(root, "in", "KTH", "f.txt"), Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Reg()));
        Run(umask, root);

        using (Assert.EnterMultipleScope())
        {
            foreach (var name in PrivateFolders) Assert.That(Mode(root, name), Is.EqualTo("700"), name);
            foreach (var name in PrivateFiles) Assert.That(Mode(root, name), Is.EqualTo("600"), name);
            Assert.That(Mode(root, ""), Is.EqualTo(rootMode), "the root");
            Assert.That(Mode(root, "schools.json"), Is.EqualTo(register), "schools.json");
            Assert.That(Mode(root, "in/KTH"), Is.EqualTo(openFolder), "in/KTH");
            Assert.That(Mode(root, "ut/KTH"), Is.EqualTo(openFolder), "ut/KTH");
            var receipts = Directory.GetFiles(Path.Combine(root, "ut", "KTH"));
            Assert.That(receipts, Has.Length.GreaterThan(3));
            foreach (var path in receipts) Assert.That(Mode(root, Path.GetRelativePath(root, path)), Is.EqualTo(receipt), path);
            Assert.That(Directory.GetFileSystemEntries(root).Select(Path.GetFileName).Except([.. PrivateFolders, .. PrivateFiles, "schools.json", "in", "ut"]), Is.Empty, "nothing else is in the root");
        }
    }

    private static void Run(string umask, string root)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"umask {umask} && exec dotnet \"$0\" run --once --root \"$1\" --Pickup:QuietPeriod=0", Path.Combine(AppContext.BaseDirectory, "ingest.dll"), root])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output.Result + errors.Result);
    }

    private static string Mode(string root, string name) => OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(Path.Combine(root, name)), 8);
}
