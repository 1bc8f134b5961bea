using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Ingest.Worker.Tests;

/// <summary>Keeps every log line of every level, with its arguments, scopes and the whole text of its exception; hands it on as well.</summary>
internal sealed class RecordingLogs(ILoggerFactory inner) : ILoggerFactory
{
    private readonly ConcurrentQueue<string> lines = new();

    public IReadOnlyCollection<string> Lines => lines;

    public ILogger CreateLogger(string categoryName) => new Logger(lines, inner.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();

    private sealed class Logger(ConcurrentQueue<string> lines, ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            lines.Enqueue($"scope {state}");
            return inner.BeginScope(state);
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
            if (state is IEnumerable<KeyValuePair<string, object?>> values) lines.Enqueue(string.Join(' ', values.Select(v => $"{v.Key}={v.Value}")));
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
