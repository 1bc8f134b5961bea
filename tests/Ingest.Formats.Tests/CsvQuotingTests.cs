namespace Ingest.Formats.Tests;

/// <summary>RFC 4180 quoting, and P14 where it is broken: the rows after it are never swallowed.</summary>
public class CsvQuotingTests
{
    private const string Header = "anteckning;" + Csv.AvbHeader;

    private static readonly string Row = ";" + Csv.Avb();

    [TestCase("\"x\"")]
    [TestCase("\"a;b\"")]
    [TestCase("\"a\"\"b\"")]
    [TestCase("\"\"\"\"")]
    [TestCase("\"\"")]
    [TestCase("\"a\r\nb\"")]
    [TestCase("\"a\nb;c\"\"\n\nd\"")]
    [TestCase("\"\r\"")]
    public void A_cell_in_quotes_may_hold_delimiters_quotes_and_line_breaks(string cell)
    {
        var outcome = Reading.Read(Csv.Lines(Header, cell + Row, Row));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.Rows, Has.Count.EqualTo(2));
            Assert.That(outcome.Rows.SelectMany(r => r.Findings), Is.Empty);
            Assert.That(outcome.Rows[0].Record, Is.EqualTo(outcome.Rows[1].Record));
        }
    }

    [Test]
    public void Known_cells_may_be_quoted_too()
    {
        var quoted = string.Join(';', Csv.Reg(id: "id").Split(';').Select(c => $"\"{c}\""));
        var outcome = Reading.Read(Csv.Lines(Csv.RegHeader, quoted, Csv.Reg(id: "id")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.AllFindings, Is.Empty);
            Assert.That(outcome.Records[0], Is.EqualTo(outcome.Records[1]));
        }
    }

    [Test]
    public void A_doubled_quote_is_one_quote_of_the_text() =>
        Assert.That(((Module)Reading.Read(Csv.Lines(Csv.ModHeader, Csv.Mod(title: "\"En \"\"tenta\"\"\""))).Records.Single()!).Title, Is.EqualTo("En \"tenta\""));

    [Test]
    public void A_line_break_in_a_known_column_is_P07() =>
        Assert.That(Reading.Read(Csv.Lines(Csv.ModHeader, Csv.Mod(title: "\"En\r\ntenta\""), Csv.Mod())).RowCodes, Is.EqualTo(["2:P07", "4:"]));

    [Test]
    public void A_record_that_spans_lines_stands_on_its_first_and_the_next_after_its_last() =>
        Assert.That(Reading.Read(Csv.Lines(Header, "\"a\r\nb\nc\"" + Row, Row)).RowCodes, Is.EqualTo(["2:", "5:"]));

    [Test]
    public void A_record_takes_ten_lines_at_most()
    {
        var ten = "\"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\"";
        var eleven = "\"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\"";

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Reading.Read(Csv.Lines(Header, ten + Row, Row)).RowCodes, Is.EqualTo(["2:", "12:"]));
            // Line by line: the opening, nine lines of one cell each, the closing quote as a stray one.
            Assert.That(Reading.Read(Csv.Lines(Header, eleven + Row, Row)).RowCodes, Is.EqualTo([
                "2:P14", "3:P02", "4:P02", "5:P02", "6:P02", "7:P02", "8:P02", "9:P02", "10:P02", "11:P02", "12:P14", "13:"]));
        }
    }

    [Test]
    public void A_quote_that_never_closes_swallows_nothing()
    {
        var outcome = Reading.Read(Csv.Lines(Header, Row, "\"x" + Row, Row, Row));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.RowCodes, Is.EqualTo(["2:", "3:P14", "4:", "5:"]));
            Assert.That(outcome.Reader!.Count, Is.EqualTo(4));
            Assert.That(outcome.Rows[1].IsOk, Is.False);
            Assert.That(outcome.Rows[1].Kind, Is.EqualTo(RecordKind.Interruption));
        }
    }

    [Test]
    public void A_quote_that_never_closes_swallows_nothing_in_a_long_file()
    {
        var rows = Enumerable.Repeat(Row, 5000).ToArray();
        rows[3] = "\"x" + Row;
        var outcome = Reading.Read(Csv.Lines([Header, .. rows]));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.Rows, Has.Count.EqualTo(5000));
            Assert.That(outcome.Rows.Where(r => !r.IsOk).Select(r => r.Source.Line), Is.EqualTo([5L]));
            Assert.That(outcome.Rows.Select(r => r.Source.Line), Is.EqualTo(Enumerable.Range(2, 5000).Select(i => (long)i)));
        }
    }

    [Test]
    public void Two_quotes_that_never_close_are_two_faults() =>
        Assert.That(Reading.Read(Csv.Lines(Header, "\"x" + Row, "\"y" + Row, Row, Row)).RowCodes, Is.EqualTo(["2:P14", "3:P14", "4:", "5:"]));

    [Test]
    public void The_last_line_of_a_file_may_leave_a_quote_open() =>
        Assert.That(Reading.Read(Csv.Lines(Header, Row) + "\"x").RowCodes, Is.EqualTo(["2:", "3:P14"]));

    [Test]
    public void A_cell_that_spans_lines_to_the_wrong_number_of_columns_is_P14_and_no_row_is_lost() =>
        Assert.That(Reading.Read(Csv.Lines(Header, "x;199601012397;TMA101;\"V26", "A1\";2026-02-02", Row)).RowCodes, Is.EqualTo(["2:P14", "3:P14", "4:"]));

    [Test]
    public void A_wrong_number_of_columns_on_one_line_is_P02_quotes_or_not() =>
        Assert.That(Reading.Read(Csv.Lines(Header, "\"a\";\"b\"", "\"a;b\"" + Row)).RowCodes, Is.EqualTo(["2:P02", "3:"]));

    // Where a quote stands that should not, and the 1-based character of the line at which the fault is told.
    [TestCase("TMA\"101", 18)]
    [TestCase("TMA101\"", 21)]
    [TestCase(" \"TMA101\"", 16)]
    public void A_quote_inside_an_unquoted_cell_is_P14(string course, int column)
    {
        //                                       123456789012345
        var outcome = Reading.Read(Csv.Lines(Header, $";199601012397;{course};V26A1;A;2026-02-02", Row));
        var finding = outcome.Rows[0].Findings.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.RowCodes, Is.EqualTo(["2:P14", "3:"]));
            Assert.That((finding.Line, finding.Column), Is.EqualTo((2L, (int?)column)));
        }
    }

    [TestCase("\"TMA101\"x", 15)]
    [TestCase("\"TMA101\" ", 15)]
    [TestCase("\"TMA\"101\"", 15)]
    public void Text_after_a_closing_quote_is_P14(string course, int column)
    {
        var outcome = Reading.Read(Csv.Lines(Header, $";199601012397;{course};V26A1;A;2026-02-02", Row));
        var finding = outcome.Rows[0].Findings.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.RowCodes, Is.EqualTo(["2:P14", "3:"]));
            Assert.That((finding.Line, finding.Column), Is.EqualTo((2L, (int?)column)));
        }
    }

    [Test]
    public void The_column_of_P14_is_where_the_quote_opened()
    {
        //                                             åäö counts as three characters, not six bytes
        var finding = Reading.Read(Csv.Lines(Header, Row, "åäö;19960101;\"TMA101;V26A1;A;2026-02-02", Row)).Rows[1].Findings.Single();

        Assert.That((finding.Code, finding.Line, finding.Column), Is.EqualTo((FindingCode.P14, 3L, (int?)14)));
    }

    [Test]
    public void P14_never_points_past_the_line_that_it_names()
    {
        // The first quote closes on the next line, where a second one opens that never closes.
        var outcome = Reading.Read(Csv.Lines(Header, "\"a", "b\";199601012397;\"TMA101;V26A1;A;2026-02-02", Row));
        var finding = outcome.Rows[0].Findings.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.RowCodes, Is.EqualTo(["2:P14", "3:P14", "4:"]));
            Assert.That((finding.Line, finding.Column), Is.EqualTo((2L, (int?)1)), "line 2 has two characters, and its quote is the first");
        }
    }

    [Test]
    public void A_fault_in_a_record_that_spans_lines_stands_on_its_first_line_with_a_place_only_where_the_cell_begins_there()
    {
        var row = Reading.Read(Csv.Lines(Csv.ModHeader + ";anteckning", "TMA101;m-1;\"a\r\nb\";x;y")).Rows.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(row.Findings.Select(f => (f.Code, f.Line, f.Column, f.Length)), Is.EqualTo([
                (FindingCode.P05, 2L, (int?)8, (int?)3),
                // The title begins on the line, with two characters there; the extent does not.
                (FindingCode.P07, 2L, 12, 2),
                (FindingCode.P05, 2L, null, null)]));
        }
    }

    [Test]
    public void A_record_that_outgrows_RecordBytes_is_P14_on_the_opening_line_and_reading_goes_on()
    {
        var limits = new ReadLimits { RecordBytes = 200 };
        var fits = "\"" + new string('x', 80) + "\n" + new string('y', 60) + "\"" + Row;
        var outgrows = "\"" + new string('x', 80) + "\n" + new string('y', 100) + "\"" + Row;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Reading.Read(Csv.Lines(Header, fits, Row), limits).RowCodes, Is.EqualTo(["2:", "4:"]));
            Assert.That(Reading.Read(Csv.Lines(Header, outgrows, Row), limits).RowCodes, Is.EqualTo(["2:P14", "3:P14", "4:"]));
        }
    }

    [TestCase(300)]
    [TestCase(3000)]
    public void A_single_line_that_outgrows_RecordBytes_is_P14_too(int length)
    {
        var limits = new ReadLimits { RecordBytes = 200 };

        Assert.That(() => Reading.Read(Csv.Lines(Header, Row, new string('x', length) + Row, Row), limits).RowCodes, Is.EqualTo(["2:", "3:P14", "4:"]));
    }
}
