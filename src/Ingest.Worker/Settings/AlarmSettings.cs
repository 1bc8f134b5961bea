namespace Ingest.Worker.Settings;

/// <summary>Where alarms go besides the ledger and the log.</summary>
public sealed class AlarmSettings
{
    /// <summary>Bytes after which a new <c>alarms.jsonl</c> is begun. Default 10 MiB.</summary>
    public long MaxBytes { get; set; } = 10 << 20;

    /// <summary>Files of alarms kept, with the one that is written. Default 5.</summary>
    public int MaxFiles { get; set; } = 5;

    public MailSettings Mail { get; set; } = new();
}

/// <summary>Alarms by mail; off while no server is named.</summary>
public sealed class MailSettings
{
    /// <summary>The SMTP server. Default none: no mail is sent.</summary>
    public string Host { get; set; } = "";

    /// <summary>Default 587.</summary>
    public int Port { get; set; } = 587;

    /// <summary><c>StartTls</c> (demanded, never left out), <c>Tls</c> from the first byte, or <c>None</c>. Default StartTls.</summary>
    public string Security { get; set; } = "StartTls";

    /// <summary>Default none: no sign-in.</summary>
    public string User { get; set; } = "";

    /// <summary>Best given by the environment. Never logged, and never told in a fault.</summary>
    public string Password { get; set; } = "";

    public string From { get; set; } = "";

    public List<string> To { get; set; } = [];

    /// <summary>How often at most one kind of alarm about one school is mailed. Default 1 h; 1 min to a day.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long one try may take, and how long a stop waits for what is not sent. Default 30 s; 1 s to 5 min.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>When a school that sends nothing, or far less than usual, is an alarm.</summary>
public sealed class SilenceSettings
{
    /// <summary>The share of the usual number of records below which it is. Default 0.25; 0 (off) to 1.</summary>
    public double Share { get; set; } = 0.25;

    /// <summary>Minutes past the time by which that share has usually come. Default 60; 0 to 1440.</summary>
    public int Minutes { get; set; } = 60;
}

/// <summary>What a stop signal waits for.</summary>
public sealed class StopSettings
{
    /// <summary>How long files and closes in hand may take to be finished. Default 1 h; 0 to 12 h.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromHours(1);
}
