namespace Ingest.Worker.Tests.Support;

/// <summary>Waits for what a service that runs beside the test will do; a minute, however slow the machine is.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.That(TimeProvider.System.GetElapsedTime(since), Is.LessThan(TimeSpan.FromMinutes(1)), "never came: " + what);
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
