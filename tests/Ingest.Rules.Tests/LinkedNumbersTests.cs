namespace Ingest.Rules.Tests;

/// <summary>Two or three numbers of one person, when the same thing was delivered under more than one of them: <c>under=</c> says which.</summary>
public sealed class LinkedNumbersTests
{
    [TestCase("", "old")]
    [TestCase("old", "")]
    public void A_removal_is_of_what_stands_under_its_own_number(string removed, string left) => Window.Gives(
        $"""
        standing RES M1 {Under(left)}      => standing
        standing RES M1 {Under(removed)}   => past
        B RES M1 {Under(removed)}          => delivered B
        """);

    [Test]
    public void What_stands_under_two_numbers_may_be_removed_under_both_in_one_window() => Window.Gives(
        """
        standing RES M1             => past
        standing RES M1 under=old   => past
        B RES M1                    => delivered B
        B RES M1 under=old          => delivered B
        """);

    [Test]
    public void A_removal_that_comes_again_leaves_what_stands_under_the_other_number() => Window.Gives(
        """
        standing RES M1 under=old   => standing
        standing RES M1             => past
        B RES M1                    => delivered B
        B RES M1                    => duplicate R06
        """);

    [Test]
    public void A_removal_that_comes_again_in_a_later_window_leaves_it_too() => Window.Gives(
        """
        standing RES M1 under=old   => standing
        past RES M1                 => past
        past B RES M1               => past
        B RES M1                    => duplicate R06
        """);

    [Test]
    public void Registrations_delivered_under_two_numbers_are_both_refused_their_removal_alone() => Window.Gives(
        """
        standing FFG O1             => standing
        standing FFG O1 under=old   => standing
        B FFG O1                    => refused K41
        B FFG O1 under=old          => refused K41
        """);

    // A third number has nothing of its own: the removal is of what it states, and else of the last that came.
    [TestCase("hp=5", "past", "standing", "delivered B")]
    [TestCase("", "standing", "past", "delivered B")]
    [TestCase("hp=3", "standing", "past", "delivered B R41")]
    public void A_removal_under_a_third_number_is_of_what_it_states_and_else_of_the_last(string states, string first, string last, string became) => Window.Gives(
        $"""
        standing RES M1 hp=5          => {first}
        standing RES M1 under=old     => {last}
        B RES M1 {states} under=older => {became}
        """);

    [Test]
    public void What_is_past_without_a_removal_is_nothing_to_remove() => Window.Gives(
        """
        past RES M1   => past
        B RES M1      => rejected R40
        """);

    private static string Under(string number) => number.Length > 0 ? "under=" + number : "";
}
