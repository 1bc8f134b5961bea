using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ingest.Formats;

/// <summary>A profile's JSON, read once: every fault is collected, none stops the reading. What the keys mean: docs/profiles.md.</summary>
internal sealed class ProfileFile(string name, string text, ReadTerms terms)
{
    private static readonly JsonDocumentOptions Json = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    private static readonly Dictionary<string, TextForm> Encodings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["utf-8"] = TextForm.Utf8,
        ["windows-1252"] = TextForm.Windows1252,
        // A part of Windows-1252, but for control characters that no field may hold.
        ["iso-8859-1"] = TextForm.Windows1252,
    };

    private static readonly string[] Keys = ["$schema", "title", "shape", "encoding", "skipLines", "dates", "credits", "tag", "records"];
    private static readonly string[] KeysOfCsv = ["delimiter", "headerRow", "columns", "ignoreColumns"];
    private static readonly string[] KeysOfFixedWidth = ["lineLength"];

    private readonly List<string> faults = [];

    public Profile? Read(out IReadOnlyList<string> found)
    {
        var profile = Read();
        found = [.. faults.Distinct()];
        return found.Count == 0 ? profile : null;
    }

    private Profile? Read()
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, Json);
        }
        catch (JsonException e)
        {
            faults.Add($"går inte att läsa som JSON (rad {e.LineNumber + 1}), eller har en nyckel två gånger.");
            return null;
        }
        using (document)
        {
            var root = new ProfileNode(document.RootElement, "", faults);
            if (!root.IsObject()) return null;
            var shape = root.Choice("shape", "csv", "fixed") == "fixed" ? FileShape.FixedWidth : FileShape.Csv;
            return Read(root, shape);
        }
    }

    private Profile Read(ProfileNode root, FileShape shape)
    {
        var csv = shape == FileShape.Csv;
        root.Only([.. Keys, .. csv ? KeysOfCsv : KeysOfFixedWidth], csv ? "i CSV" : "i fast bredd");
        root.Text("title");
        var headerRow = csv && root.Flag("headerRow", true);
        var columns = headerRow || !csv ? 0 : root.Number("columns", 1, ReadLimits.Default.MaxColumns, required: true) ?? 0;
        if (headerRow && root.Has("columns")) root.Fault("columns", "gäller bara utan rubrikrad (headerRow: false).");
        var lineLength = csv ? null : root.Number("lineLength", 1, ReadLimits.Default.MaxLineCharacters);
        var dates = Dates(root, csv);
        var credits = Credits(root, csv);
        var encoding = root.Choice("encoding", required: false, [.. Encodings.Keys]);
        var ignored = root.Texts("ignoreColumns").Select(CsvHeader.Normalise).ToHashSet(StringComparer.Ordinal);
        if (ignored.Count > 0 && !headerRow) root.Fault("ignoreColumns", "kräver en rubrikrad.");

        var places = new ProfilePlaces(csv, headerRow, columns, lineLength, faults);
        var tag = Tag(root, places, csv);
        var records = new ProfileRecords(places, dates, tag is not null, tag?.Skipped ?? new HashSet<string>(), tag?.At, terms, faults).Read(root);
        if (headerRow) CheckIgnored(root, records, tag, ignored);
        return new Profile(records)
        {
            Name = name,
            Text = text,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
            Shape = shape,
            Delimiter = csv ? Delimiter(root) : '\0',
            Encoding = encoding is null ? null : Encodings[encoding],
            SkipLines = root.Number("skipLines", 0, 1000) ?? 0,
            HeaderRow = headerRow,
            Columns = columns,
            LineLength = lineLength,
            Tag = tag,
            IgnoredColumns = ignored,
            Dates = dates,
            Credits = credits,
        };
    }

    private static char Delimiter(ProfileNode root) => root.Choice("delimiter", ";", ",", "\t", "|") is { Length: 1 } one ? one[0] : ';';

    private static DateForms Dates(ProfileNode root, bool csv)
    {
        var formats = root.Texts("dates");
        if (root.Has("dates") && formats.Count == 0) root.Fault("dates", "anger ingen datumform.");
        foreach (var format in formats.Where(f => !DateForms.IsFormat(f)))
            root.Fault("dates", $"”{format}” är ingen datumform: yyyy, MM och dd en gång var, med - . / eller blank emellan, eller inget.");
        foreach (var alike in formats.Where(DateForms.IsFormat).GroupBy(DateForms.Mask).Where(g => g.Count() > 1))
            root.Fault("dates", $"{string.Join(" och ", alike.Select(f => $"”{f}”"))} går inte att skilja åt.");
        var sound = formats.Where(DateForms.IsFormat).ToList();
        return sound.Count > 0 ? new DateForms(sound) : csv ? DateForms.OfCsv : DateForms.OfFixedWidth;
    }

    private static CreditsForm Credits(ProfileNode root, bool csv)
    {
        var standard = csv ? CreditsForm.OfCsv : CreditsForm.OfFixedWidth;
        if (root.Child("credits") is not { } credits) return standard;
        credits.Only(["decimalSign", "impliedDecimals"]);
        if (credits.Has("decimalSign") == credits.Has("impliedDecimals"))
        {
            root.Fault("credits", "anger decimalSign eller impliedDecimals, ett av dem.");
            return standard;
        }
        return credits.Has("decimalSign")
            ? credits.Choice("decimalSign", ",", ".") is { Length: 1 } sign ? new CreditsForm(sign[0], null) : standard
            : new CreditsForm('\0', credits.Number("impliedDecimals", 0, 2) ?? 0);
    }

    private static ProfileTag? Tag(ProfileNode root, ProfilePlaces places, bool csv)
    {
        if (root.Child("tag") is not { } tag) return null;
        tag.Only(csv ? ["column", "skip"] : ["at", "length", "skip"]);
        var skip = tag.Texts("skip");
        return places.Read(tag) is not { } at ? null : new ProfileTag(at, skip.ToHashSet(StringComparer.Ordinal));
    }

    private static void CheckIgnored(ProfileNode root, IReadOnlyList<ProfileRecord> records, ProfileTag? tag, HashSet<string> ignored)
    {
        var used = records.SelectMany(r => r.ByRole).Append(tag?.At).Select(f => f?.Column).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var column in used.Where(c => ignored.Contains(CsvHeader.Normalise(c))).Order(StringComparer.Ordinal))
            root.Fault("ignoreColumns", $"kolumnen ”{column}” läses också.");
        if (tag is not null) return;
        var same = records.GroupBy(r => string.Join('\n', r.ByRole.Select(f => f?.Column).OfType<string>().Select(CsvHeader.Normalise).Order(StringComparer.Ordinal)));
        foreach (var kinds in same.Where(g => g.Count() > 1))
            root.Fault("records", $"{string.Join(" och ", kinds.Select(r => r.Layout.Tag))} har samma kolumner, så rubrikraden skiljer dem inte åt; ange tag.");
    }
}
