namespace Ingest.Worker.Commands;

/// <summary>What a script reads.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary><c>check</c>: something was rejected.</summary>
    public const int SomeRejected = 1;

    /// <summary><c>check</c>: the file would be refused.</summary>
    public const int Refused = 2;

    /// <summary><c>status</c>: an operator should look.</summary>
    public const int Degraded = 3;

    /// <summary>What was asked for does not exist (any more).</summary>
    public const int NotThere = 4;

    /// <summary><c>verify</c>: something is not as it was written.</summary>
    public const int Broken = 5;

    /// <summary>The command was not understood (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>A fault of ours, or of the machine (EX_SOFTWARE).</summary>
    public const int Unexpected = 70;

    /// <summary>A faulty setting or register, something missing on the machine, or a root in use (EX_CONFIG).</summary>
    public const int Configuration = 78;
}
