namespace Ingest.Formats.Tests;

/// <summary>Where a field stands, asked after the file was read, is where the reader said it stands.</summary>
public class FieldPlacesTests
{
    private static readonly TextForm[] Forms = Enum.GetValues<TextForm>();

    private static readonly string FixedFile = Fixed.Lines(Fixed.Huv(),
        Fixed.Reg("X", "x", "T", "å ä", "ABC", "x", "x", "x", "x", "x", "a b"), Fixed.Avb("X", "x", "T", "å ä", "X", "x", "a b"),
        Fixed.Res("X", "x", "T", "å ä", "m-1", "x", "TH", "x", "X", "a b"), Fixed.Ktf("X", "T", "å ä", "Å\u0007", "x", "x", "x", "x"),
        Fixed.Mod("X", "T", "å ä", "Ö\u0007", "x"), Fixed.Slu(5, 0));

    private const string Bad = "X;19960101x;T;å ä;\"A;B\";\"x\"\"y\";x;x;x;x;a b";

    [TestCaseSource(nameof(Forms))]
    public void A_field_of_a_fixed_width_record_is_placed_by_the_layout(TextForm form) => Check(form.Bytes(FixedFile), 11 + 7 + 10 + 8 + 5);

    [TestCaseSource(nameof(Forms))]
    public void A_field_of_a_CSV_record_is_placed_by_its_cell(TextForm form) => Check(form.Bytes(Csv.Lines(Csv.RegHeader, Csv.Reg(), Bad, Bad)), 22);

    [Test]
    public void A_field_of_a_record_that_spans_lines_is_placed_only_if_it_begins_on_the_first([ValueSource(nameof(Forms))] TextForm form, [Values("\r\n", "\n", "\r")] string lineEnd) =>
        Check(form.Bytes(Csv.Lines(Csv.RegHeader, $"X;19960101x;T;\"å{lineEnd}ä\";ABC;\"x{lineEnd}y\";x;x;x;x;a b")), 11);

    [Test]
    public void A_byte_order_mark_that_begins_the_row_is_a_character_of_it() =>
        Check(TextForm.Utf8.Bytes(Csv.Lines(Csv.RegHeader, "\uFEFF" + Bad)), 11);

    [TestCase("sep=;\r\n")]
    [TestCase("\r\n\n")]
    [TestCase("\nsep=;\n")]
    public void Lines_before_the_header_do_not_matter(string before) => Check(TextForm.Utf8.Bytes(before + Csv.Lines(Csv.RegHeader, Bad)), 11);

    [Test]
    public void Aliases_and_order_of_the_header_decide() =>
        Check(TextForm.Utf8.Bytes(Csv.Lines("Anteckning;DATUM;tillfälle;Kurs;pnr;", "\"å;\"\"ä\";2026-02-30;V.1;T;x;")), 4);

    [Test]
    public void The_places_are_those_of_the_source_line()
    {
        var bytes = TextForm.Utf8.Bytes(Csv.Lines("anteckning;" + Csv.AvbHeader, "\"å;\"\"ä\";" + Csv.Avb()));
        var row = Reading.Read(bytes).Rows.Single();

        // "å;""ä"; are 8 characters; the date stands after them, 12+1, 6+1, 5+1 and 1+1 more.
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Place(bytes, row, "personnummer"), Is.EqualTo((9, 12)));
            Assert.That(Place(bytes, row, "kurskod"), Is.EqualTo((22, 6)));
            Assert.That(Place(bytes, row, "avbrottsdatum"), Is.EqualTo((37, 10)));
        }
    }

    [Test]
    public void In_fixed_width_a_field_is_its_whole_width()
    {
        var bytes = TextForm.Utf8.Bytes(Fixed.File(450, Fixed.Res()));
        var row = Reading.Read(bytes).Rows.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Place(bytes, row, "hp"), Is.EqualTo((47, 5)));
            Assert.That(Place(bytes, row, "examinationsdatum"), Is.EqualTo((55, 8)));
        }
    }

    [TestCase("händelse-id", Description = "a column that the file does not have")]
    [TestCase("modulkod", Description = "a field that the record does not have")]
    public void What_cannot_be_placed_stays_as_it_is(string field)
    {
        var bytes = TextForm.Utf8.Bytes(Csv.Lines(Csv.AvbHeader, Csv.Avb()));

        Assert.That(Place(bytes, Reading.Read(bytes).Rows.Single(), field), Is.EqualTo(((int?)null, (int?)null)));
    }

    [Test]
    public void A_finding_that_has_a_place_keeps_it()
    {
        var bytes = TextForm.Utf8.Bytes(Fixed.File(450, Fixed.Res()));
        var finding = new Finding(FindingCode.R34, 2, 7, 3, "examinationsdatum");

        Assert.That(Places(bytes).Place(finding, RecordKind.Result, default), Is.EqualTo(finding));
    }

    private static void Check(byte[] bytes, int expected)
    {
        var outcome = Reading.Read(bytes);
        var places = Places(bytes);
        var told = outcome.Rows.SelectMany(r => r.Findings.Select(f => (Row: r, Finding: f))).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(told, Has.Count.EqualTo(expected));
            foreach (var (row, finding) in told)
            {
                var unplaced = finding with { Column = null, Length = null };
                Assert.That(places.Place(unplaced, row.Kind!.Value, Cut(bytes, row)), Is.EqualTo(finding), finding.Field);
            }
        }
    }

    private static (int?, int?) Place(byte[] bytes, Row row, string field)
    {
        var placed = Places(bytes).Place(new Finding(FindingCode.R34, row.Source.Line, Field: field), row.Kind!.Value, Cut(bytes, row));
        return (placed.Column, placed.Length);
    }

    private static FieldPlaces Places(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return new FieldPlaces(stream, Reading.Sniff(bytes), Reading.Limits);
    }

    private static byte[] Cut(byte[] bytes, Row row) => bytes[(int)row.Source.Offset..(int)(row.Source.Offset + row.Source.Length)];
}
