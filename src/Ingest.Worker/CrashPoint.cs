using System.Diagnostics;

namespace Ingest.Worker;

/// <summary>
/// The steps between which a process may die. The build that tests make (<c>tests/Crashing</c>) kills itself at one of them; in every
/// other build these calls are not compiled at all. A new step is tried by naming it here and nowhere else.
/// </summary>
internal static partial class CrashPoint
{
    /// <param name="point">What has just been done, or is about to be.</param>
    /// <param name="name">The name of the file that is written, where every file takes the same steps.</param>
    [Conditional("CRASH_POINTS")]
    public static void Reached(string point, string? name = null) => Act(point, name);

    static partial void Act(string point, string? name);
}
