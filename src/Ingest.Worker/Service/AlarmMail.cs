using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Receipts;
using Ingest.Worker.Settings;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Logging;
using MimeKit;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Ingest.Worker.Service;

/// <summary>
/// Alarms by mail. Nothing waits for it and nothing fails by it: what cannot be sent becomes a log line, never an alarm about mail. All
/// that is raised while one mail is on its way goes in the next, so that a storm is a few mails and not hundreds.
/// </summary>
public sealed class AlarmMail : IDisposable
{
    private const int MostWaiting = 200;
    private const int MostInAMail = 50;
    private const int MostRetries = 6;

    // How late a word about alarms that were held back may be.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly MailSettings settings;
    private readonly string environment;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly MailLimit limit;
    private readonly Channel<OpenAlarm> waiting = Channel.CreateBounded<OpenAlarm>(MostWaiting);
    private readonly CancellationTokenSource giveUp = new();
    private readonly ResiliencePipeline retry;
    private readonly Task sending;

    public AlarmMail(MailSettings settings, string environment, TimeProvider time, ILogger<AlarmMail> log)
    {
        (this.settings, this.environment, this.time, this.log) = (settings, environment, time, log);
        limit = new MailLimit(settings.Interval);
        // About ten minutes in all: a mail server that is restarted. A wrong password or address stays wrong.
        retry = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(IsTransient),
                MaxRetryAttempts = MostRetries,
                Delay = TimeSpan.FromSeconds(10),
                MaxDelay = TimeSpan.FromMinutes(5),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                OnRetry = retried =>
                {
                    log.LogWarning("Alarms could not be mailed ({Fault}); try {Try} follows", Describe(retried.Outcome.Exception!), retried.AttemptNumber + 2);
                    return ValueTask.CompletedTask;
                },
            })
            .AddTimeout(settings.Timeout)
            .Build();
        sending = Task.Run(RunAsync);
    }

    /// <summary>Takes the alarm in hand, or holds it back. Returns at once.</summary>
    public void Offer(OpenAlarm alarm, string? school)
    {
        var key = (alarm.Kind, school ?? "");
        if (limit.Take(key, time.GetUtcNow()) && !waiting.Writer.TryWrite(alarm)) limit.Hold(key);
    }

    /// <summary>Sends what is left, for no longer than one try may take.</summary>
    public void Dispose()
    {
        waiting.Writer.TryComplete();
        if (!sending.Wait(settings.Timeout))
        {
            giveUp.Cancel();
            log.LogWarning("Stopped with alarms that were not mailed; they stand in the ledger and in logs/");
            sending.Wait(settings.Timeout);
        }
        giveUp.Dispose();
    }

    private async Task RunAsync()
    {
        for (var more = true; more;)
        {
            more = await WaitAsync();
            var alarms = new List<OpenAlarm>();
            while (alarms.Count < MostInAMail && waiting.Reader.TryRead(out var alarm)) alarms.Add(alarm);
            var held = limit.Due(time.GetUtcNow(), all: !more);
            if (alarms.Count + held.Count > 0) await SendAsync(alarms, held);
        }
    }

    /// <summary>Until there is something to send, or it is time to look.</summary>
    /// <returns>False when nothing more will come.</returns>
    private async Task<bool> WaitAsync()
    {
        using var look = new CancellationTokenSource(LookEvery, time);
        try
        {
            return await waiting.Reader.WaitToReadAsync(look.Token);
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private async Task SendAsync(List<OpenAlarm> alarms, List<HeldBack> held)
    {
        try
        {
            // Made once, so that a server that took it and could not say so gets the same Message-Id again.
            using var message = Message(alarms, held);
            await retry.ExecuteAsync(async stop => await DeliverAsync(message, stop), giveUp.Token);
            log.LogInformation("Mailed {Alarms} alarms; {Held} were held back", alarms.Count, held.Sum(h => h.Count));
        }
        catch (Exception e)
        {
            // Whatever is wrong with the mail, the service goes on, and so does the next mail.
            log.LogError("{Alarms} alarms could not be mailed ({Fault}); they stand in the ledger and in logs/", alarms.Count + held.Sum(h => h.Count), Describe(e));
        }
    }

    private async Task DeliverAsync(MimeMessage message, CancellationToken stop)
    {
        using var client = new Client(log);
        await client.ConnectAsync(settings.Host, settings.Port, settings.Security switch
        {
            "Tls" => SecureSocketOptions.SslOnConnect,
            "None" => SecureSocketOptions.None,
            _ => SecureSocketOptions.StartTls,
        }, stop);
        if (settings.User.Length > 0) await client.AuthenticateAsync(settings.User, settings.Password, stop);
        await client.SendAsync(message, stop);
        try
        {
            await client.DisconnectAsync(quit: true, stop);
        }
        catch (Exception e) when (e is IOException or SocketException or SmtpProtocolException or OperationCanceledException)
        {
            // It is sent; to send it again would be worse than a rude farewell.
        }
    }

    private MimeMessage Message(List<OpenAlarm> alarms, List<HeldBack> held)
    {
        var message = new MimeMessage { Subject = Subject(alarms, held), Date = ReportingCalendar.Swedish(time.GetUtcNow()), Body = new TextPart("plain") { Text = Text(alarms, held) } };
        message.From.Add(MailboxAddress.Parse(settings.From));
        message.To.AddRange(settings.To.Select(MailboxAddress.Parse));
        // Nobody's holiday reply is wanted (RFC 3834).
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }

    private string Subject(List<OpenAlarm> alarms, List<HeldBack> held)
    {
        var kinds = string.Join(", ", alarms.Select(a => a.Kind).Concat(held.Select(h => h.Kind)).Distinct(StringComparer.Ordinal));
        var count = alarms.Count + held.Sum(h => h.Count);
        return string.Create(CultureInfo.InvariantCulture, $"[MinaTjänster Ingest{(environment == "PROD" ? "" : " " + environment)}] {count} larm: {kinds}");
    }

    private string Text(List<OpenAlarm> alarms, List<HeldBack> held)
    {
        var text = new StringBuilder();
        foreach (var a in alarms)
            text.Append(CultureInfo.InvariantCulture, $"{Words.Moment(a.Raised, Language.Sv)}\nLarm {a.Id}: {a.Kind}, {a.Subject}\n{a.Message}\n\n");
        if (held.Count > 0)
        {
            text.Append("Därutöver har dessa larm kommit utan egna mejl:\n");
            foreach (var h in held) text.Append(CultureInfo.InvariantCulture, $"  {h.Kind}{(h.School.Length == 0 ? "" : ", " + h.School)}: {h.Count}\n");
            text.Append('\n');
        }
        text.Append("Kommandot ingest status visar de larm som är öppna. Vad varje larm betyder och vad du ska göra står i docs/operations.md.\n");
        // No alarm holds a number. What leaves the machine is looked at once more.
        return Masking.Numbers(text.ToString(), ReportingCalendar.SwedishDate(time.GetUtcNow()), out _);
    }

    private static bool IsTransient(Exception e) => e switch
    {
        SmtpCommandException refused => (int)refused.StatusCode is >= 400 and < 500,
        SslHandshakeException => false,
        _ => e is IOException or SocketException or SmtpProtocolException or TimeoutRejectedException or TimeoutException,
    };

    /// <summary>Never the text: a server's may hold addresses, and what it was given.</summary>
    private static string Describe(Exception e) => e is SmtpCommandException refused
        ? string.Create(CultureInfo.InvariantCulture, $"{e.GetType().Name} {(int)refused.StatusCode}")
        : e.GetType().Name;

    /// <summary>One address that the server does not know keeps the others from nothing.</summary>
    private sealed class Client(ILogger log) : SmtpClient
    {
        private SmtpStatusCode last;

        protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response)
        {
            last = response.StatusCode;
            log.LogError("Recipient {Recipient} of {Recipients} in Alarms:Mail:To is refused by the server ({Status})", message.To.IndexOf(mailbox) + 1, message.To.Count, (int)response.StatusCode);
        }

        protected override void OnNoRecipientsAccepted(MimeMessage message) =>
            throw new SmtpCommandException(SmtpErrorCode.RecipientNotAccepted, last, "no recipient was accepted");
    }
}

/// <summary>Alarms of a kind and a school that had no mail of their own.</summary>
internal sealed record HeldBack(string Kind, string School, int Count);

/// <summary>One mail of a kind about a school in an interval; then, at its end, one word about those that were held back.</summary>
internal sealed class MailLimit(TimeSpan interval)
{
    private readonly Dictionary<(string Kind, string School), (DateTimeOffset Until, int Held)> keys = [];

    /// <returns>False: held back.</returns>
    public bool Take((string Kind, string School) key, DateTimeOffset now)
    {
        lock (keys)
        {
            if (keys.TryGetValue(key, out var known) && (now < known.Until || known.Held > 0))
            {
                keys[key] = known with { Held = known.Held + 1 };
                return false;
            }
            keys[key] = (now + interval, 0);
            return true;
        }
    }

    /// <summary>It was taken, but there was no room.</summary>
    public void Hold((string Kind, string School) key)
    {
        lock (keys) keys[key] = keys[key] with { Held = keys[key].Held + 1 };
    }

    /// <summary>What is to be told now; that begins a new interval. What is over and quiet is forgotten.</summary>
    /// <param name="all">The end: nothing will be told later.</param>
    public List<HeldBack> Due(DateTimeOffset now, bool all)
    {
        lock (keys)
        {
            var over = keys.Where(k => all || now >= k.Value.Until).ToList();
            foreach (var (key, (_, held)) in over)
            {
                if (held == 0) keys.Remove(key);
                else keys[key] = (now + interval, 0);
            }
            return [.. over.Where(k => k.Value.Held > 0).Select(k => new HeldBack(k.Key.Kind, k.Key.School, k.Value.Held))];
        }
    }
}
