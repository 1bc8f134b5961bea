using Ingest.Worker.Pickup;
using Ingest.Worker.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>An empty folder that has not changed is not listed again, and no file is missed for it.</summary>
public class StillFoldersTests
{
    private readonly FakeTimeProvider machine = new();

    [Test]
    public void A_folder_is_still_once_its_stamp_has_stood_for_longer_than_any_tick_when_it_was_found_empty()
    {
        var still = new StillFolders(machine);
        still.Listed("UMU", Stamp(1), isEmpty: true);
        Assert.That(still.Holds("UMU", Stamp(1)), Is.False, "a file may have come in the same tick, after the listing");

        machine.Advance(TimeSpan.FromSeconds(3));
        Assert.That(still.Holds("UMU", Stamp(1)), Is.False, "it was not listed since");
        still.Listed("UMU", Stamp(1), isEmpty: true);

        Assert.That(still.Holds("UMU", Stamp(1)), Is.True);
        Assert.That(still.Holds("UMU", Stamp(2)), Is.False, "something has come or gone");
        Assert.That(still.Holds("UMU", null), Is.False, "it cannot be told");
        Assert.That(still.Holds("LU", Stamp(1)), Is.False, "another");
    }

    [Test]
    public void A_folder_with_something_in_it_is_never_still()
    {
        var still = Known(isEmpty: false);

        Assert.That(still.Holds("UMU", Stamp(1)), Is.False);
    }

    [Test]
    public void It_is_listed_now_and_then_all_the_same()
    {
        var still = Known(isEmpty: true);

        machine.Advance(StillFolders.ListAnyway);

        Assert.That(still.Holds("UMU", Stamp(1)), Is.False);
    }

    [Test]
    public void A_volume_on_which_a_file_came_without_a_trace_is_not_believed_again()
    {
        var still = Known(isEmpty: true);

        still.Listed("UMU", Stamp(1), isEmpty: false);
        still.Listed("UMU", Stamp(1), isEmpty: true);

        Assert.That(still.Holds("UMU", Stamp(1)), Is.False);
    }

    // The machine's own time goes on, whatever the service's clock says.
    [Test]
    public async Task A_file_in_a_folder_that_has_been_still_is_found_at_the_next_poll()
    {
        using var root = await TestRoot.StartAsync();
        for (var polls = 0; polls < 9; polls++)
        {
            await root.AdvanceAsync(1);
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }

        var receipt = await root.TakeAsync("UMU", "reg.csv", Rvf.Csv(Rvf.Row()));
        Assert.That(receipt.Text("status"), Is.EqualTo("accepted"));

        // Right after the file was taken, perhaps in the same tick.
        receipt = await root.TakeAsync("UMU", "mer.csv", Rvf.Csv(Rvf.Row(Rvf.Bo)));
        Assert.That(receipt.Text("status"), Is.EqualTo("accepted"));
    }

    private StillFolders Known(bool isEmpty)
    {
        var still = new StillFolders(machine);
        still.Listed("UMU", Stamp(1), isEmpty);
        machine.Advance(TimeSpan.FromSeconds(3));
        still.Listed("UMU", Stamp(1), isEmpty);
        return still;
    }

    private static FolderStamp Stamp(long seconds) => new(1, (8, 1), new UnixTime(seconds, 0), new UnixTime(seconds, 0));
}
