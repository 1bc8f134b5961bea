using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Ingest.Worker.Tests.Operation;

/// <summary>Alarms by mail, sent to a server on this machine: what is sent, how often, and that nothing about mail ever stops the service.</summary>
public sealed class AlarmMailTests
{
    private const string Password = "hemligt-9981";

    [Test]
    public async Task An_alarm_is_mailed_in_plain_Swedish_to_those_who_are_named()
    {
        using var sink = new SmtpSink();
        using var root = await TestRoot.StartAsync(s => s.Alarms.Mail = Settings(sink));
        TestRoot.Files.Directory.CreateDirectory(root.At("in", "UMU", "mapp"));

        await root.StepAsync();
        await Patience.UntilAsync(() => sink.Mails.Count == 1, "the mail");

        var mail = sink.Mails[0];
        Assert.That(mail.Subject, Is.EqualTo("[MinaTjänster Ingest TEST] 1 larm: notAFile"));
        Assert.That((mail.From.ToString(), mail.To.ToString(), mail.Headers["Auto-Submitted"]), Is.EqualTo(("ingest@example.org", "drift@example.org, jour@example.org", "auto-generated")));
        Assert.That(mail.Date, Is.EqualTo(TestRoot.Morning));
        Assert.That(mail.TextBody!.ReplaceLineEndings("\n"), Is.EqualTo(
            $"""
            måndag 19 januari 2026 klockan 10.00
            Larm 1: notAFile, in/UMU
            {root.Alarms[0].Message}

            Kommandot ingest status visar de larm som är öppna. Vad varje larm betyder och vad du ska göra står i docs/operations.md.

            """));
    }

    [Test]
    public void In_a_real_root_the_subject_does_not_say_TEST()
    {
        using var sink = new SmtpSink();
        using (var mail = new AlarmMail(Settings(sink), "PROD", TimeProvider.System, NullLogger<AlarmMail>.Instance)) mail.Offer(Alarm(1, "poll"), null);
        Assert.That(sink.Mails.Single().Subject, Is.EqualTo("[MinaTjänster Ingest] 1 larm: poll"));
    }

    [Test]
    public async Task The_same_kind_about_the_same_school_is_mailed_once_an_interval_and_then_how_many_were_held_back()
    {
        var clock = new FakeTimeProvider(TestRoot.Morning);
        using var sink = new SmtpSink();
        using var mail = Mail(sink, clock);

        mail.Offer(Alarm(1, "fileStuck"), "UMU");
        await Patience.UntilAsync(() => sink.Mails.Count == 1, "the first");
        mail.Offer(Alarm(2, "fileStuck"), "UMU");
        mail.Offer(Alarm(3, "fileStuck"), "UMU");
        mail.Offer(Alarm(4, "fileStuck"), "LU");
        await Patience.UntilAsync(() => sink.Mails.Count == 2, "the other school's");
        Assert.That(sink.Mails[1].TextBody, Does.Contain("Larm 4:").And.Not.Contain("Larm 2:").And.Not.Contain("UMU"));

        // A slow machine may still be at the end of the mail before, which then is tried again: what counts is what the mails say.
        clock.Advance(TimeSpan.FromMinutes(59));
        mail.Offer(Alarm(5, "poll"), null);
        await Patience.UntilAsync(() => sink.Mails.Any(m => m.TextBody!.Contains("Larm 5:", StringComparison.Ordinal)), "another kind", () => clock.Advance(TimeSpan.FromMilliseconds(100)));
        Assert.That(sink.Mails.Select(m => m.TextBody), Has.None.Contain("Därutöver"), "the interval is not over");

        await Patience.UntilAsync(() => sink.Mails.Any(m => m.TextBody!.Contains("Därutöver", StringComparison.Ordinal)), "the summary", () => clock.Advance(TimeSpan.FromMinutes(1)));
        var summary = sink.Mails.Single(m => m.TextBody!.Contains("Därutöver", StringComparison.Ordinal));
        Assert.That(summary.Subject, Is.EqualTo("[MinaTjänster Ingest TEST] 2 larm: fileStuck"));
        Assert.That(summary.TextBody, Does.Contain("Därutöver har dessa larm kommit utan egna mejl:").And.Contain("  fileStuck, UMU: 2"));
    }

    [Test]
    public async Task A_storm_is_a_few_mails_and_each_alarm_is_in_one_of_them_or_counted()
    {
        using var sink = new SmtpSink();
        using (var mail = Mail(sink, TimeProvider.System))
        {
            for (var i = 1; i <= 500; i++) mail.Offer(Alarm(i, "silence"), $"S{i}");
            await Patience.UntilAsync(() => sink.Mails.Count >= 1, "the first");
        }

        var told = sink.Mails.Sum(m => m.TextBody!.Split("Larm ").Length - 1);
        var counted = sink.Mails.Sum(m => m.TextBody!.Split("  silence, S").Length - 1);
        Assert.That(told + counted, Is.EqualTo(500));
        // At most fifty in each.
        Assert.That(sink.Mails, Has.Count.AtMost(500 / 50 + 2));
    }

    [Test]
    public async Task A_server_that_cannot_just_now_is_tried_again_and_gets_the_mail_once()
    {
        var clock = new FakeTimeProvider(TestRoot.Morning);
        var greetings = 0;
        using var sink = new SmtpSink(line => line.Length == 0 && ++greetings <= 3 ? "421 too busy" : null);
        using var logs = new RecordingLogs(NullLoggerFactory.Instance);
        using var mail = Mail(sink, clock, logs);

        mail.Offer(Alarm(1, "poll"), null);
        await Patience.UntilAsync(() => sink.Mails.Count == 1, "the mail", () => clock.Advance(TimeSpan.FromSeconds(10)));

        Assert.That(greetings, Is.EqualTo(4));
        Assert.That(logs.Lines.Count(l => l.StartsWith("Warning Alarms could not be mailed", StringComparison.Ordinal)), Is.EqualTo(3));
    }

    [Test]
    public async Task It_is_not_tried_for_ever_and_what_comes_of_it_is_a_log_line_and_no_alarm()
    {
        var clock = new FakeTimeProvider(TestRoot.Morning);
        var open = false;
        var greetings = 0;
        using var sink = new SmtpSink(line => line.Length == 0 && !open && ++greetings > 0 ? "421 too busy" : null);
        using var logs = new RecordingLogs(NullLoggerFactory.Instance);
        using var mail = Mail(sink, clock, logs);

        mail.Offer(Alarm(1, "poll"), null);
        await Patience.UntilAsync(() => logs.Lines.Any(l => l.StartsWith("Error", StringComparison.Ordinal)), "the end of the tries", () => clock.Advance(TimeSpan.FromMinutes(1)));

        Assert.That(greetings, Is.EqualTo(7), "once, and six times again");
        Assert.That(logs.Lines.Single(l => l.StartsWith("Error", StringComparison.Ordinal)), Does.StartWith("Error 1 alarms could not be mailed (SmtpCommandException 421); they stand in the ledger"));
        open = true;
        mail.Offer(Alarm(2, "close"), null);
        await Patience.UntilAsync(() => sink.Mails.Count == 1, "the next mail goes out");
    }

    [TestCase("AUTH", "535 no such user or password", "AuthenticationException")]
    [TestCase("MAIL", "550 not from you", "SmtpCommandException 550")]
    [TestCase("RCPT", "550 nobody here", "SmtpCommandException 550")]
    public async Task What_will_not_get_better_is_not_tried_again(string command, string answer, string told)
    {
        var clock = new FakeTimeProvider(TestRoot.Morning);
        using var sink = new SmtpSink(line => line.StartsWith(command, StringComparison.Ordinal) ? answer : null);
        using var logs = new RecordingLogs(NullLoggerFactory.Instance);
        using var mail = Mail(sink, clock, logs, signIn: true);

        mail.Offer(Alarm(1, "poll"), null);
        await Patience.UntilAsync(() => logs.Lines.Any(l => l.Contains("could not be mailed", StringComparison.Ordinal)), "the log line");

        Assert.That(logs.Lines, Has.Some.StartsWith($"Error 1 alarms could not be mailed ({told})").And.None.StartsWith("Warning"));
        Assert.That(string.Concat(logs.Lines), Does.Not.Contain(Password).And.Not.Contain("example.org").And.Not.Contain(answer[4..]));
        Assert.That(sink.Mails, Is.Empty);
    }

    [Test]
    public async Task An_address_that_the_server_does_not_know_keeps_nobody_else_from_the_mail()
    {
        using var sink = new SmtpSink(line => line.StartsWith("RCPT TO:<drift@", StringComparison.Ordinal) ? "550 nobody here" : null);
        using var logs = new RecordingLogs(NullLoggerFactory.Instance);
        using var mail = Mail(sink, TimeProvider.System, logs);

        mail.Offer(Alarm(1, "poll"), null);
        await Patience.UntilAsync(() => sink.Mails.Count == 1, "the mail to the other");

        Assert.That(logs.Lines, Has.Some.StartsWith("Error Recipient 1 of 2 in Alarms:Mail:To is refused by the server (550)"));
    }

    [Test]
    public async Task It_signs_in_where_a_user_is_named()
    {
        using var sink = new SmtpSink();
        using var mail = Mail(sink, TimeProvider.System, signIn: true);

        mail.Offer(Alarm(1, "poll"), null);
        await Patience.UntilAsync(() => sink.Mails.Count == 1, "the mail");

        // RFC 4616: a NUL before user and password.
        Assert.That(sink.Commands, Does.Contain("AUTH PLAIN " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("\0larm\0" + Password))));
    }

    [Test]
    public async Task Nothing_is_sent_in_the_clear_to_a_server_that_offers_no_TLS()
    {
        using var sink = new SmtpSink();
        using var logs = new RecordingLogs(NullLoggerFactory.Instance);
        using var mail = Mail(sink, TimeProvider.System, logs, signIn: true, security: "StartTls");

        mail.Offer(Alarm(1, "poll"), null);
        await Patience.UntilAsync(() => logs.Lines.Any(l => l.StartsWith("Error 1 alarms could not be mailed", StringComparison.Ordinal)), "the log line");

        Assert.That(sink.Commands.Where(c => !c.StartsWith("EHLO", StringComparison.Ordinal) && c != "QUIT"), Is.Empty);
    }

    [Test]
    public async Task Nothing_is_sent_to_a_server_whose_certificate_nobody_vouches_for()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var sink = new SmtpSink(certificate: certificate);
        using var logs = new RecordingLogs(NullLoggerFactory.Instance);
        using var mail = Mail(sink, TimeProvider.System, logs, signIn: true, security: "Tls");

        mail.Offer(Alarm(1, "poll"), null);
        await Patience.UntilAsync(() => logs.Lines.Any(l => l.Contains("could not be mailed", StringComparison.Ordinal)), "the log line");

        Assert.That(logs.Lines, Has.Some.StartsWith("Error 1 alarms could not be mailed (SslHandshakeException)"), "which does not mend itself");
        Assert.That(sink.Commands, Is.Empty);
    }

    [Test]
    public async Task A_server_that_never_answers_holds_up_neither_the_service_nor_its_stop()
    {
        using var sink = new SmtpSink(silent: true);
        var root = await TestRoot.StartAsync(s =>
        {
            s.Alarms.Mail = Settings(sink);
            s.Alarms.Mail.Timeout = TimeSpan.FromSeconds(1);
        });
        TestRoot.Files.Directory.CreateDirectory(root.At("in", "UMU", "mapp"));

        var receipt = await root.TakeAsync("LU", "a.csv", Rvf.Csv(Rvf.Row()));
        await Task.Run(root.Dispose).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.That(receipt.GetProperty("status").GetString(), Is.EqualTo("accepted"));
    }

    [Test]
    public void What_is_held_back_or_waits_when_the_service_stops_is_mailed_before_it_ends()
    {
        using var sink = new SmtpSink();
        using (var mail = Mail(sink, TimeProvider.System))
        {
            mail.Offer(Alarm(1, "poll"), null);
            mail.Offer(Alarm(2, "poll"), null);
        }
        Assert.That(string.Concat(sink.Mails.Select(m => m.TextBody)), Does.Contain("Larm 1: poll").And.Contain("  poll: 1"));
    }

    [Test]
    public void A_number_that_an_alarm_should_not_have_held_does_not_leave_the_machine()
    {
        using var sink = new SmtpSink();
        using (var mail = Mail(sink, TimeProvider.System)) mail.Offer(Alarm(1, "poll") with { Message = $"Mappen {Rvf.Anna} finns inte." }, null);
        Assert.That(sink.Mails.Single().TextBody, Does.Contain("Mappen 19960101xxxx finns inte."));
    }

    [Test]
    public void The_limit_counts_each_kind_and_school_by_itself()
    {
        var limit = new MailLimit(TimeSpan.FromHours(1));
        var (a, b) = (("poll", ""), ("poll", "UMU"));
        var ten = TestRoot.Morning;

        Assert.That((limit.Take(a, ten), limit.Take(a, ten.AddMinutes(59)), limit.Take(b, ten.AddMinutes(59))), Is.EqualTo((true, false, true)));
        Assert.That(limit.Due(ten.AddMinutes(59), all: false), Is.Empty);
        Assert.That(limit.Due(ten.AddHours(1), all: false), Is.EqualTo(new[] { new HeldBack("poll", "", 1) }));
        // The summary was a mail too.
        Assert.That((limit.Take(a, ten.AddMinutes(119)), limit.Take(b, ten.AddMinutes(119))), Is.EqualTo((false, true)));
        Assert.That(limit.Due(ten.AddHours(2), all: false), Is.EqualTo(new[] { new HeldBack("poll", "", 1) }));
        Assert.That(limit.Due(ten.AddHours(3), all: false), Is.Empty);
        Assert.That(limit.Take(a, ten.AddHours(3)), Is.True);
    }

    private static OpenAlarm Alarm(long id, string kind) => new(id, TestRoot.Morning, kind, "ämne", "Något har hänt.");

    private static AlarmMail Mail(SmtpSink sink, TimeProvider time, ILoggerFactory? logs = null, bool signIn = false, string security = "None") =>
        new(Settings(sink, signIn, security), "TEST", time, (logs ?? NullLoggerFactory.Instance).CreateLogger<AlarmMail>());

    private static MailSettings Settings(SmtpSink sink, bool signIn = false, string security = "None") => new()
    {
        Host = "127.0.0.1",
        Port = sink.Port,
        Security = security,
        User = signIn ? "larm" : "",
        Password = signIn ? Password : "",
        From = "ingest@example.org",
        To = ["drift@example.org", "jour@example.org"],
    };
}
