namespace Ingest.Worker.Tests.Support;

/// <summary>Waits for what will come on a machine however slow; never for a time.</summary>
internal static class Patience
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    /// <param name="meanwhile">Done before each look: a clock is moved on.</param>
    public static async Task UntilAsync(Func<bool> holds, string what, Action? meanwhile = null)
    {
        for (var since = TimeProvider.System.GetTimestamp(); !holds(); await Task.Delay(20))
        {
            Assert.That(TimeProvider.System.GetElapsedTime(since), Is.LessThan(Most), "waited in vain: " + what);
            meanwhile?.Invoke();
        }
    }
}
