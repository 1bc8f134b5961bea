using System.Globalization;
using System.IO.Abstractions;
using System.Text;
using Ingest.Rules;
using Ingest.Worker.Cutoff;
using Ingest.Worker.Ledger;
using Ingest.Worker.Pickup;
using Ingest.Worker.Receipts;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Ingest.Worker.Service;

/// <summary>Everything put together on one root. The one place where parts meet.</summary>
internal sealed class IngestApp : IDisposable
{
    private readonly IDisposable? rootLock;
    private readonly FileQueues queues;
    private readonly Workers workers;
    private readonly AlarmMail? mail;

    private IngestApp(IngestSettings settings, IFileSystem files, TimeProvider time, ILoggerFactory logs, IDisposable? rootLock, bool readOnly = false, bool thrownAway = false)
    {
        this.rootLock = rootLock;
        Settings = settings;
        Time = time;
        Root = new RootFolder(files, settings.Root);
        Calendar = new ReportingCalendar(settings.Cutoff.ToDays());
        Ledger = LedgerDatabase.Of(settings, Root, time, readOnly, logs.CreateLogger<LedgerDatabase>(), thrownAway);
        Schools = new SchoolsFile(Root, settings, logs.CreateLogger<SchoolsFile>());
        if (!readOnly && settings.Alarms.Mail.Host.Length > 0) mail = new AlarmMail(settings.Alarms.Mail, settings.Environment, time, logs.CreateLogger<AlarmMail>());
        Alarms = new Alarms(Ledger, Root, settings.Alarms, time, logs.CreateLogger<Alarms>(), mail);
        Bell = new PollBell(time);
        Receipts = new FileReceipts(Ledger, Root, settings.Environment);
        Delivery = new Delivery(Ledger, Root, settings);
        CutoffReceipts = new CutoffReceipts(Ledger, Root, settings, Calendar, Schools);
        Close = new WindowClose(Ledger, Schools, settings.Rules.ToTerms(), time, Delivery, CutoffReceipts, Alarms, logs.CreateLogger<WindowClose>());
        workers = new Workers(Ledger, settings, TimeProvider.System, Alarms, logs.CreateLogger<Workers>());
        var claims = new Claims(Root, Ledger, Calendar, time, Alarms, logs.CreateLogger<Claims>());
        Worker = new FileWorker(Root, Ledger, settings, Calendar, time, claims, Alarms, logs.CreateLogger<FileWorker>());
        var drop = new DropFolders(Root, Ledger, settings, time, Alarms);
        var recovery = new Recovery(Root, Ledger, workers, claims, Alarms, logs.CreateLogger<Recovery>());
        queues = new FileQueues(Ledger, workers, Schools, Worker, Alarms, time, logs.CreateLogger<FileQueues>());
        var notice = new AdvanceNotice(Ledger, settings, time, Close, new AdvanceReceipts(Ledger, Root, settings, Schools, time), Alarms, logs.CreateLogger<AdvanceNotice>());
        Due = new DueWindows(Ledger, settings, Calendar, time, Schools, drop, queues, Close, notice, Alarms, logs.CreateLogger<DueWindows>());
        Silence = new SilenceWatch(Ledger, settings, Calendar, time, Schools, drop, queues, Alarms, logs.CreateLogger<SilenceWatch>());
        Service = new IngestService(Root, Ledger, settings, time, Schools, drop, claims, queues, workers, recovery, Due, notice, Silence, Alarms, Bell, logs.CreateLogger<IngestService>());
    }

    public IngestSettings Settings { get; }

    public TimeProvider Time { get; }

    public RootFolder Root { get; }

    public ReportingCalendar Calendar { get; }

    public LedgerDatabase Ledger { get; }

    public SchoolsFile Schools { get; }

    public Alarms Alarms { get; }

    public PollBell Bell { get; }

    public FileReceipts Receipts { get; }

    public Delivery Delivery { get; }

    public WindowClose Close { get; }

    public FileWorker Worker { get; }

    public CutoffReceipts CutoffReceipts { get; }

    public DueWindows Due { get; }

    public SilenceWatch Silence { get; }

    public IngestService Service { get; }

    /// <summary>Opens a root to work in it: made on first use, locked against a second service, the ledger brought up to date.</summary>
    /// <param name="thrownAway">The root is deleted by the process that makes it.</param>
    /// <exception cref="StartException">Something is missing or wrong; the message says what and what to do.</exception>
    public static IngestApp Open(IngestSettings settings, IFileSystem files, TimeProvider time, ILoggerFactory logs, bool thrownAway = false)
    {
        CheckMachine();
        var root = new RootFolder(files, settings.Root);
        IDisposable rootLock;
        try
        {
            if (!files.Directory.Exists(root.Root)) MakeRoot(root);
            rootLock = Lock(root, settings);
        }
        catch (Exception e) when (Fault.IsOfTheMachine(e))
        {
            throw CannotBeOpened(root, e);
        }
        try
        {
            var isOnServer = settings.Ledger.ConnectionString.Length > 0;
            // Several may begin at once.
            using var turn = isOnServer ? PostgresBackend.StartTurn(settings.Ledger.ConnectionString) : null;
            if (!files.File.Exists(root.Schools)) WriteSeedRegister(root);
            CrashPoint.Reached("start.register");
            if (!isOnServer && !files.File.Exists(root.Ledger))
            {
                RefuseWithoutLedger(root, root.Ledger);
                MakeLedger(root);
            }
            _ = CorrelationKey.Of(root);
            CrashPoint.Reached("start.ledgerMade");
            var app = new IngestApp(settings, files, time, logs, rootLock, thrownAway: thrownAway);
            try
            {
                if (isOnServer && app.Ledger.IsNew()) RefuseWithoutLedger(root, app.Ledger.Name);
                app.Ledger.Migrate();
            }
            catch
            {
                app.Dispose();
                throw;
            }
            CrashPoint.Reached("start.migrated");
            return app;
        }
        catch (Exception e)
        {
            rootLock.Dispose();
            if (Fault.IsOfTheMachine(e)) throw CannotBeOpened(root, e);
            throw;
        }
    }

    /// <summary>Opens a root to look at it: nothing is written, and a service may be running.</summary>
    public static IngestApp Look(IngestSettings settings, IFileSystem files, TimeProvider time, ILoggerFactory logs)
    {
        CheckMachine();
        var root = new RootFolder(files, settings.Root);
        RefuseNoRoot(settings, root);
        var app = new IngestApp(settings, files, time, logs, null, readOnly: true);
        try
        {
            app.Ledger.RefuseOtherVersion();
        }
        catch
        {
            app.Dispose();
            throw;
        }
        app.Schools.Refresh();
        return app;
    }

    /// <exception cref="StartException">No service has been started there.</exception>
    public static void RefuseNoRoot(IngestSettings settings, RootFolder root)
    {
        var missing = settings.Ledger.ConnectionString.Length > 0 ? root.Schools : root.Ledger;
        if (!root.Files.File.Exists(missing)) throw new StartException($"{root.Root} är ingen rot: {missing} finns inte. Starta tjänsten där först, eller ange --root.");
    }

    /// <summary>Opens a root for an operator's act: it is written to, and a service may be running.</summary>
    public static IngestApp Beside(IngestSettings settings, IFileSystem files, TimeProvider time, ILoggerFactory logs)
    {
        Look(settings, files, time, logs).Dispose();
        var app = new IngestApp(settings, files, time, logs, null, readOnly: false);
        app.Schools.Load();
        IngestService.CheckEnvironment(app.Ledger, settings, app.Root);
        return app;
    }

    /// <summary>Whatever the umask, nobody else may put another file in the place of one of ours.</summary>
    private static void MakeRoot(RootFolder root)
    {
        root.Files.Directory.CreateDirectory(root.Root);
        WithoutOthersWriting(root, root.Root);
    }

    private static void WithoutOthersWriting(RootFolder root, string path)
    {
        if (!OperatingSystem.IsWindows()) root.Files.File.SetUnixFileMode(path, root.Files.File.GetUnixFileMode(path) & ~(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
    }

    /// <summary>Its owner's alone from its first moment: a mode that is set afterwards is never set if the process dies in between.</summary>
    private static void MakeLedger(RootFolder root)
    {
        root.Files.FileStream.New(root.Ledger, RootFolder.Private(FileMode.CreateNew, FileAccess.Write)).Dispose();
    }

    /// <summary>Whole or not at all: half a register would keep the next start from starting.</summary>
    private static void WriteSeedRegister(RootFolder root)
    {
        using var output = new OutputFile(root.Files, root.Root, root.Files.Path.GetFileName(root.Schools));
        output.Stream.Write(Encoding.UTF8.GetBytes(SeedRegister()));
        output.Commit();
        WithoutOthersWriting(root, root.Schools);
    }

    /// <summary>The register that a new root begins with.</summary>
    public static string SeedRegister()
    {
        using var stream = typeof(IngestApp).Assembly.GetManifestResourceStream("schools.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Time zones, Swedish and Windows-1252 come from the machine; without them every window and receipt would be wrong.</summary>
    private static void CheckMachine()
    {
        var missing = new List<string>();
        try
        {
            TimeZoneInfo.FindSystemTimeZoneById(ReportingCalendar.ZoneId);
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            missing.Add("tidszonen Europe/Stockholm (Debian: apt-get install tzdata)");
        }
        try
        {
            if (CultureInfo.GetCultureInfo("sv-SE").NumberFormat.NumberDecimalSeparator != ",") missing.Add("svenska format (Debians paket libicu)");
        }
        catch (CultureNotFoundException)
        {
            missing.Add("svenska format: ICU saknas (Debians paket libicu; DOTNET_SYSTEM_GLOBALIZATION_INVARIANT får inte vara satt)");
        }
        if (CodePagesEncodingProvider.Instance.GetEncoding(1252) is null) missing.Add("teckentabellen Windows-1252");
        if (missing.Count > 0) throw new StartException("Det här saknas på maskinen: " + string.Join("; ", missing) + ".");
    }

    private static StartException CannotBeOpened(RootFolder root, Exception e) => new($"{(e is NpgsqlException ? "Liggaren" : $"Roten {root.Root}")} kan inte öppnas: {Fault.Say(e)}.");

    /// <summary>
    /// A root that was worked in without its ledger has lost what it delivered: everything sent again would count, and be delivered, twice.
    /// </summary>
    private static void RefuseWithoutLedger(RootFolder root, string ledger)
    {
        foreach (var folder in new[] { root.Work, root.Archive, root.Quarantine, root.Delivery })
            if (root.Files.Directory.Exists(folder) && root.Files.Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any())
                throw new StartException($"{ledger} {(ledger == root.Ledger ? "finns inte" : "är tom")}, men {folder} visar att roten har använts. Lägg tillbaka liggaren (eller säkerhetskopian av den). Ska allt börja om: ange en ny, tom rot.");
    }

    /// <summary>
    /// The lock file is for people to see; the folder is locked too, for a lock file can be removed. With the ledger on a server, several
    /// may work in the root, each under a name of its own, but none that has its ledger there.
    /// </summary>
    private static RootLock Lock(RootFolder root, IngestSettings settings)
    {
        var (name, isShared) = (settings.Worker.KnownAs, settings.Ledger.ConnectionString.Length > 0);
        var inUse = new StartException(isShared
            ? $"En annan tjänst arbetar redan i {root.Root} med namnet {name}. Stoppa den först, eller ge den här ett eget namn: --Worker:Name={name}-2."
            : $"En annan tjänst arbetar redan i {root.Root}. Stoppa den först; den stänger fönster och tar filer av sig själv.");
        var folder = Posix.LockFolder(root.Files, root.Root, isShared) ?? throw inUse;
        try
        {
            return new RootLock(folder, root.Files.FileStream.New(isShared ? root.LockOf(name) : root.Lock, RootFolder.Private(FileMode.OpenOrCreate, FileAccess.ReadWrite)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            folder.Dispose();
            throw Fault.IsMomentary(e) ? inUse : e;
        }
    }

    private sealed record RootLock(IDisposable Folder, IDisposable File) : IDisposable
    {
        public void Dispose()
        {
            File.Dispose();
            Folder.Dispose();
        }
    }

    public void Dispose()
    {
        mail?.Dispose();
        workers.Dispose();
        queues.Dispose();
        Bell.Dispose();
        Ledger.Dispose();
        rootLock?.Dispose();
    }
}
