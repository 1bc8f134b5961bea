using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace Ingest.Worker.Commands;

/// <summary>The <c>ingest</c> command: what each word does, and what all of them share.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        // Settings may stand among the arguments as --Section:Key=value; the rest are commands and options.
        var settingArguments = args.Where(IsSetting).ToList();
        var root = Build(settingArguments);
        var parsed = root.Parse([.. args.Where(a => !IsSetting(a))]);
        if (parsed.Errors.Count > 0)
        {
            // "No command" follows of a word that is no command, and says nothing about it.
            var missing = parsed.CommandResult.Command.Options.Where(o => o.Required && parsed.GetResult(o) is null or { Implicit: true }).Select(o => o.Name).ToList();
            var errors = parsed.Errors.Select(e => e.Message.ReplaceLineEndings(" ")).Distinct().Where(e => !missing.Exists(o => e.Contains($"'{o}'", StringComparison.Ordinal))).ToList();
            var told = errors.Where(e => errors.Count == 1 || !e.StartsWith("Required command", StringComparison.Ordinal));
            if (missing.Count > 0) told = told.Prepend($"det här saknas: {string.Join(", ", missing)}.");
            await Console.Error.WriteLineAsync($"ingest: {WithoutNumbers(string.Join(' ', told))} (--help)");
            return ExitCode.Usage;
        }
        try
        {
            // Longer than any Stop:Grace, which ends run before.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromHours(13) });
        }
        catch (StartException e)
        {
            await Console.Error.WriteLineAsync($"ingest: {e.Message}");
            return ExitCode.Configuration;
        }
        catch (UsageException e)
        {
            await Console.Error.WriteLineAsync($"ingest: {e.Message.ReplaceLineEndings(" ")}");
            return ExitCode.Usage;
        }
        catch (Exception e) when (e is DbException && Fault.IsOfTheMachine(e))
        {
            await Console.Error.WriteLineAsync($"ingest: {Fault.Say(e)}. Se docs/operations.md, Bad surroundings.");
            return ExitCode.Configuration;
        }
        catch (Exception e)
        {
            // The message may hold a path, and a path a name that nobody has masked; where it happened says enough.
            await Console.Error.WriteLineAsync($"ingest: oväntat fel, {e.GetType().Name}{Environment.NewLine}{e.StackTrace}");
            return ExitCode.Unexpected;
        }
    }

    /// <summary>What was not understood is quoted, and may be an identity number that stands in the wrong place.</summary>
    private static string WithoutNumbers(string message) => string.Join(' ', message.Split(' ').Select(w => w.Count(char.IsAsciiDigit) >= 10 ? Masking.Value(w) : w));

    /// <summary>The option that nearly every command has.</summary>
    public static Option<string?> RootOption() => new("--root") { Description = "The data root (setting Root, default ./data)" };

    /// <summary>The shape in which a command prints: <c>text</c> or <c>json</c>.</summary>
    public static Option<string> FormatOption(params string[] formats)
    {
        var option = new Option<string>("--format") { Description = $"How to print: {string.Join(", ", formats)}", DefaultValueFactory = _ => formats[0] };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }

    /// <summary>The settings in force: file, environment, command line; <c>--root</c> last.</summary>
    public static IngestSettings Settings(IEnumerable<string> settingArguments, string? root)
    {
        var settings = SettingsLoader.Load(settingArguments);
        if (root is not null && root.Trim().Length == 0) throw new UsageException("--root behöver en mapp");
        if (root is not null) settings.Root = root;
        return settings;
    }

    /// <summary>Serilog: rolling, size-capped files under logs/; on the terminal too for the service.</summary>
    /// <param name="beside">A command that works beside a running service writes to <c>access-</c> files: two processes in one would write over each other.</param>
    public static ILoggerFactory Logs(IngestSettings settings, bool console, bool beside = false)
    {
        var folder = new RootFolder(new FileSystem(), settings.Root).Logs;
        var logger = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Quartz", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .WriteTo.File(new CompactJsonFormatter(), Path.Combine(folder, beside ? "access-.jsonl" : settings.Ledger.ConnectionString.Length > 0 ? $"ingest-{settings.Worker.KnownAs}-.jsonl" : "ingest-.jsonl"), rollingInterval: RollingInterval.Day, rollOnFileSizeLimit: true,
                fileSizeLimitBytes: settings.Logs.MaxBytes, retainedFileCountLimit: settings.Logs.MaxFiles, shared: beside);
        if (console) logger.WriteTo.Console(formatProvider: CultureInfo.InvariantCulture, outputTemplate: "{Timestamp:yyyy-MM-dd HH:mm:sszzz} {Level:u3} {Message:lj}{NewLine}{Exception}");
        return new Logging(new Serilog.Extensions.Logging.SerilogLoggerFactory(logger.CreateLogger(), dispose: true));
    }

    /// <summary>Last lines that do not fit on the disk undo nothing of what was done: closing the log never fails.</summary>
    private sealed class Logging(ILoggerFactory inner) : ILoggerFactory
    {
        public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => inner.CreateLogger(categoryName);

        public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

        public void Dispose()
        {
            try
            {
                inner.Dispose();
            }
            catch (IOException)
            {
            }
        }
    }

    /// <summary><c>--Section:Key=value</c>, or the one key without a section that is no option.</summary>
    private static bool IsSetting(string argument)
    {
        var at = argument.IndexOf('=');
        if (at < 0 || !argument.StartsWith("--", StringComparison.Ordinal)) return false;
        var key = argument[2..at];
        return key.Contains(':') || key.Equals(nameof(IngestSettings.Environment), StringComparison.OrdinalIgnoreCase);
    }

    internal static RootCommand Build(IReadOnlyList<string> settingArguments) => new("MinaTjänster Ingest: takes in what schools report by file, closes the window at 15:00, writes receipts.")
    {
        RunCommand.Build(settingArguments),
        DemoCommand.Build(),
        CheckCommand.Build(settingArguments),
        SealCommand.Build(settingArguments),
        CutoffCommand.Build(settingArguments),
        StatusCommand.Build(settingArguments),
        ShowCommand.Build(settingArguments),
        StandingCommand.Build(settingArguments),
        ReceiptsCommand.Build(settingArguments),
        CorrectCommand.Build(settingArguments),
        CertificateCommand.Build(settingArguments),
        LinkCommand.Build(settingArguments),
        BaselineCommand.Build(settingArguments),
        ReplayCommand.Build(settingArguments),
        VerifyCommand.Build(settingArguments),
        PurgeCommand.Build(settingArguments),
        SampleCommand.Build(),
        CatalogueCommands.Formats(),
        CatalogueCommands.Codes(),
    };
}

/// <summary>The arguments were understood one by one, but not together.</summary>
internal sealed class UsageException(string message) : Exception(message);
