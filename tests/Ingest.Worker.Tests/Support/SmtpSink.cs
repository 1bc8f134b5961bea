using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;

namespace Ingest.Worker.Tests.Support;

/// <summary>A mail server on this machine that keeps what it gets. Speaks as much SMTP (RFC 5321) as a client needs.</summary>
internal sealed class SmtpSink : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<MimeMessage> mails = new();
    private readonly ConcurrentQueue<string> commands = new();
    private readonly Func<string, string?> answer;
    private readonly bool silent;
    private readonly X509Certificate2? certificate;

    /// <param name="answer">What to say to a command instead of what a server in order would; null for that.</param>
    /// <param name="silent">Takes the connection and never says a word.</param>
    /// <param name="certificate">TLS from the first byte, with this certificate.</param>
    public SmtpSink(Func<string, string?>? answer = null, bool silent = false, X509Certificate2? certificate = null)
    {
        (this.answer, this.silent, this.certificate) = (answer ?? (_ => null), silent, certificate);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public IReadOnlyList<MimeMessage> Mails => [.. mails];

    /// <summary>Every line that a client sent, but for the mails themselves.</summary>
    public IReadOnlyList<string> Commands => [.. commands];

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptTcpClientAsync(stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                Stream stream = client.GetStream();
                if (certificate is not null)
                {
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(certificate);
                    stream = tls;
                }
                using var reader = new StreamReader(stream, Encoding.Latin1);
                await using var writer = new StreamWriter(stream, Encoding.Latin1) { AutoFlush = true, NewLine = "\r\n" };
                if (silent) await Task.Delay(Timeout.Infinite, stop.Token);
                await writer.WriteLineAsync(answer("") ?? "220 sink");
                while (await reader.ReadLineAsync(stop.Token) is { } line)
                {
                    commands.Enqueue(line);
                    var said = answer(line) ?? (line.Split(' ')[0].ToUpperInvariant() switch
                    {
                        "EHLO" => "250-sink\r\n250-AUTH PLAIN\r\n250 8BITMIME",
                        "AUTH" => "235 ok",
                        "DATA" => "354 go on",
                        "QUIT" => "221 bye",
                        _ => "250 ok",
                    });
                    await writer.WriteLineAsync(said);
                    if (line == "QUIT") return;
                    if (said.StartsWith("354", StringComparison.Ordinal))
                    {
                        mails.Enqueue(await ReadMailAsync(reader));
                        await writer.WriteLineAsync(answer(".") ?? "250 taken");
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or AuthenticationException)
        {
            // The client has gone, or the test is over.
        }
    }

    private async Task<MimeMessage> ReadMailAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(stop.Token) is { } line && line != ".")
            text.Append(line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line).Append("\r\n");
        return await MimeMessage.LoadAsync(new MemoryStream(Encoding.Latin1.GetBytes(text.ToString())));
    }

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
        stop.Dispose();
    }
}
