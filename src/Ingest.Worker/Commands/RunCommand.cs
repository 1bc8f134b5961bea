using System.CommandLine;
using System.IO.Abstractions;
using Ingest.Rules;
using Ingest.Worker.Cutoff;
using Ingest.Worker.Service;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Ingest.Worker.Commands;

/// <summary><c>run</c>: the service; <c>run --once</c>: one round, for cron.</summary>
internal static class RunCommand
{
    public static Command Build(IReadOnlyList<string> settingArguments)
    {
        var root = CommandLine.RootOption();
        var once = new Option<bool>("--once") { Description = "Work what is there now, close what is overdue, and end" };
        var command = new Command("run", "The service, until it is told to stop (SIGTERM, Ctrl-C)") { root, once };
        command.SetAction(async (parsed, stop) =>
        {
            var settings = CommandLine.Settings(settingArguments, parsed.GetValue(root));
            using var logs = CommandLine.Logs(settings, console: true);
            using var grace = new StopGrace(settings.Stop.Grace, TimeProvider.System, logs);
            using var app = IngestApp.Open(settings, new FileSystem(), TimeProvider.System, logs);
            if (parsed.GetValue(once)) await app.Service.RunOnceAsync(null, stop, Console.WriteLine);
            else await RunAsync(app, logs, stop);
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task RunAsync(IngestApp app, ILoggerFactory logs, CancellationToken stop)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(logs).AddLogging();
        builder.Services.AddSingleton(app.Bell);
        builder.Services.AddSingleton(app);
        builder.Services.AddHostedService<Worker>();
        // How long what is in hand may take to be finished is for StopGrace to say.
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        builder.Services.AddQuartz(q =>
        {
            q.UseTimeProvider(app.Time);
            q.ScheduleJob<CutoffJob>(trigger => trigger.WithIdentity("cutoff").WithCronSchedule(CutoffJob.Cron,
                cron => cron.InTimeZone(TimeZoneInfo.FindSystemTimeZoneById(ReportingCalendar.ZoneId))));
        });
        builder.Services.AddQuartzHostedService();
        using var host = builder.Build();
        // Not to be broken off: a signal that comes while it starts is a stop like any other.
        await host.StartAsync(CancellationToken.None);
        await host.WaitForShutdownAsync(stop);
        // A service that fell must not look as if it had been stopped.
        if (host.Services.GetServices<IHostedService>().OfType<Worker>().Single().ExecuteTask is { IsFaulted: true } failed) await failed;
    }

    private sealed class Worker(IngestApp app, IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            try
            {
                await app.Service.RunAsync(stoppingToken);
            }
            finally
            {
                lifetime.StopApplication();
            }
        }
    }
}
