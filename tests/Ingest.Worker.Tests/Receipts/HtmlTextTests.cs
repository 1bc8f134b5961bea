using System.Text.Encodings.Web;
using System.Text.Unicode;
using Ingest.Formats;
using Ingest.Worker.Receipts;

namespace Ingest.Worker.Tests.Receipts;

/// <summary>Texts of which nothing is markup are written as they are; they must be what the encoder would have made of them.</summary>
public class HtmlTextTests
{
    [Test]
    public void Each_character_is_written_as_the_encoder_would()
    {
        var encoder = HtmlEncoder.Create(UnicodeRanges.BasicLatin, UnicodeRanges.Latin1Supplement, UnicodeRanges.GeneralPunctuation);
        using (Assert.EnterMultipleScope())
        {
            for (var c = '\u0001'; c < 0x2100; c++)
                Assert.That(HtmlPage.Text(c.ToString()), Is.EqualTo(encoder.Encode(Masking.Visible(c.ToString()))), $"U+{(int)c:X4}");
        }
    }
}
