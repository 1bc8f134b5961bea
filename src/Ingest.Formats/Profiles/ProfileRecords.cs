namespace Ingest.Formats;

/// <summary>Reads where a field stands, and tells when two stand in one place.</summary>
internal sealed class ProfilePlaces(bool csv, bool headerRow, int columns, int? lineLength, List<string> faults)
{
    public string[] Keys => csv ? ["column"] : ["at", "length"];

    public ProfileField? Read(ProfileNode node, Dictionary<string, string>? values = null)
    {
        if (!csv)
        {
            var (at, length) = (node.Number("at", 1, ReadLimits.Default.MaxLineCharacters, required: true), node.Number("length", 1, ReadLimits.Default.MaxLineCharacters, required: true));
            if (at is null || length is null) return null;
            if (at + length - 1 > lineLength) node.Fault("length", $"fältet slutar på {at + length - 1}, men raden är {lineLength} tecken (lineLength).");
            return new ProfileField(at.Value, length.Value, null, 0, values);
        }
        if (!headerRow) return node.Number("column", 1, Math.Max(columns, 1), required: true) is { } number ? new ProfileField(0, 0, null, number, values) : null;
        return node.Text("column", required: true) is { } name ? new ProfileField(0, 0, name, 0, values) : null;
    }

    /// <summary>Names each two that share a character or a column.</summary>
    public void CheckOverlaps(string at, List<(string Name, ProfileField Place)> fields)
    {
        for (var i = 0; i < fields.Count; i++)
            for (var j = i + 1; j < fields.Count; j++)
                if (Meet(fields[i].Place, fields[j].Place))
                    faults.Add($"{at}: {fields[i].Name} ({fields[i].Place}) och {fields[j].Name} ({fields[j].Place}) står på samma plats.");
    }

    private bool Meet(ProfileField a, ProfileField b) =>
        !csv ? a.Start < b.Start + b.Length && b.Start < a.Start + a.Length
        : headerRow ? CsvHeader.Normalise(a.Column!) == CsvHeader.Normalise(b.Column!)
        : a.Number == b.Number;
}

/// <summary>Reads <c>records</c>: for each kind its tags and fields, and makes of them the layouts by which files are read.</summary>
internal sealed class ProfileRecords(ProfilePlaces places, DateForms dates, bool tagged, IReadOnlySet<string> skipped, ProfileField? tagPlace, ReadTerms terms, List<string> faults)
{
    // What a system cannot write the same in every record, or must say itself.
    private static readonly FieldRole[] NeverConstant = [FieldRole.Student, FieldRole.EventId, FieldRole.School, FieldRole.Environment];

    private readonly List<ProfileRecord> records = [];

    public IReadOnlyList<ProfileRecord> Read(ProfileNode root)
    {
        if (!root.Has("records")) root.Fault("records", "saknas.");
        foreach (var node in root.Children("records")) ReadRecord(node);
        if (!tagged && records.Count > 1 && records.Any(r => r.ByRole.Any(f => f is { Column: null })))
            root.Fault("records", "flera slags poster kräver tag, när ingen rubrikrad skiljer dem åt.");
        foreach (var twice in records.Where(r => r.Tag is not null).GroupBy(r => r.Tag, StringComparer.Ordinal).Where(g => g.Count() > 1))
            root.Fault("records", $"posttypen ”{twice.Key}” står {twice.Count()} gånger.");
        foreach (var both in records.Where(r => r.Tag is not null && skipped.Contains(r.Tag)))
            root.Fault("tag.skip", $"posttypen ”{both.Tag}” läses också.");
        if (records.Count == 0 && faults.Count == 0) root.Fault("records", "är tom.");
        return records;
    }

    private void ReadRecord(ProfileNode node)
    {
        node.Only(tagged ? ["kind", "tags", "fields"] : ["kind", "fields"], tagged ? "" : "(tags kräver tag)");
        var kind = node.Choice("kind", [.. Layouts.Records.Select(l => l.Tag)]);
        var layout = Layouts.Records.FirstOrDefault(l => l.Tag.Equals(kind, StringComparison.OrdinalIgnoreCase));
        if (layout is null) return;
        var byRole = new ProfileField?[Enum.GetValues<FieldRole>().Length];
        var constants = new Dictionary<FieldRole, string>();
        var blanks = new Dictionary<FieldRole, string>();
        var fields = node.Child("fields");
        if (fields is not null)
            foreach (var name in fields.Keys)
                if (Known(layout, fields, name) is { } field && fields.Child(name) is { } child)
                    ReadField(child, layout, field, byRole, constants, blanks);
        if (!node.Has("fields")) node.Fault("fields", "saknas.");
        places.CheckOverlaps(node.Path, [.. layout.Fields.Where(f => byRole[(int)f.Role] is not null).Select(f => (f.Name, byRole[(int)f.Role]!)),
            .. tagPlace is null ? Array.Empty<(string, ProfileField)>() : [("tag", tagPlace)]]);

        // One that is there but faulty has had its own fault told.
        var missing = layout.Fields.Where(f => !f.ColumnOptional && fields?.Has(f.Name) != true).ToList();
        if (!tagged || !node.Has("tags"))
        {
            if (tagged) node.Fault("tags", "saknas.");
            foreach (var field in missing) node.Fault("fields", $"{field.Name} saknas i {layout.Tag}.");
            Add(layout, null, byRole, constants, blanks);
            return;
        }
        if (node.Child("tags") is not { } tags) return;
        if (!tags.Keys.Any()) node.Fault("tags", "är tom.");
        // What no tag says either is missing once, not once a tag.
        var saidByTags = tags.Keys.SelectMany(t => tags.Child(t)?.Keys ?? []).ToHashSet(StringComparer.Ordinal);
        foreach (var field in missing.Where(f => !saidByTags.Contains(f.Name))) node.Fault("fields", $"{field.Name} saknas i {layout.Tag}.");
        foreach (var tag in tags.Keys)
        {
            if (tag.Trim() != tag || tag.Length == 0 || tagPlace is { Length: > 0 } && tag.Length > tagPlace.Length) tags.Fault(tag, "får inte plats i tag, eller har blanktecken i ändarna.");
            if (tags.Child(tag) is not { } said) continue;
            var ofTag = new Dictionary<FieldRole, string>(constants);
            foreach (var name in said.Keys)
            {
                if (Known(layout, said, name) is not { } field || said.Text(name) is not { } value || !IsConstant(said, name, layout, field, value)) continue;
                if (byRole[(int)field.Role] is not null || !ofTag.TryAdd(field.Role, value)) said.Fault(name, "står också i fields.");
            }
            foreach (var field in missing.Where(f => saidByTags.Contains(f.Name) && !said.Has(f.Name))) tags.Fault(tag, $"{field.Name} saknas i {layout.Tag}.");
            Add(layout, tag, byRole, ofTag, blanks);
        }
    }

    private void ReadField(ProfileNode node, Layout layout, Field field, ProfileField?[] byRole, Dictionary<FieldRole, string> constants, Dictionary<FieldRole, string> blanks)
    {
        if (node.Has("constant"))
        {
            node.Only(["constant"], "bredvid constant");
            if (node.Text("constant") is { } constant && IsConstant(node, "constant", layout, field, constant)) constants[field.Role] = constant;
            return;
        }
        var listed = field.Form == FieldForm.List;
        node.Only(listed ? [.. places.Keys, "ifBlank", "values"] : [.. places.Keys, "ifBlank"], listed ? "" : $"för {field.Name}");
        byRole[(int)field.Role] = places.Read(node, Values(node, layout, field));
        if (node.Text("ifBlank") is { } blank && IsConstant(node, "ifBlank", layout, field, blank)) blanks[field.Role] = blank;
        if (byRole[(int)field.Role] is not { Length: > 0 and var length }) return;
        var least = field.Form switch { FieldForm.Date => dates.Shortest, FieldForm.Personnummer => 10, _ => 1 };
        if (length < least) node.Fault("length", $"{length} tecken räcker inte; minst {least}.");
    }

    private Dictionary<string, string>? Values(ProfileNode node, Layout layout, Field field)
    {
        if (field.Form != FieldForm.List || node.Child("values") is not { } codes) return null;
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var code in codes.Keys)
        {
            if (code.Trim() != code || code.Length == 0) codes.Fault(code, "koden är tom eller har blanktecken i ändarna; för ett tomt fält finns ifBlank.");
            else if (codes.Text(code) is { } value && Fault(layout, field, value) is var fault && fault is not null) codes.Fault(code, fault);
            else if (codes.Text(code) is { } ours && !values.TryAdd(code, ours)) codes.Fault(code, "står två gånger (stora och små bokstäver är samma).");
        }
        if (!codes.Keys.Any()) node.Fault("values", "är tom.");
        return values;
    }

    private static Field? Known(Layout layout, ProfileNode node, string name)
    {
        var field = layout.Fields.FirstOrDefault(f => f.Name == name);
        if (field is null) node.Fault(name, $"fältet finns inte i {layout.Tag}; kända är {string.Join(", ", layout.Fields.Select(f => f.Name))}.");
        return field;
    }

    private bool IsConstant(ProfileNode node, string key, Layout layout, Field field, string value)
    {
        var fault = NeverConstant.Contains(field.Role) ? $"{field.Name} kan inte vara samma i varje post." : Fault(layout, field, value);
        if (fault is not null) node.Fault(key, fault);
        return fault is null;
    }

    /// <summary>What is wrong with a value in our own CSV form, by the parser that judges every other; null: nothing.</summary>
    private string? Fault(Layout layout, Field field, string value)
    {
        var (_, findings) = new RecordParser(DateOnly.MaxValue, terms).Parse(layout, new OneCell(field, value));
        // Told by P15 where suspensions go: that a system has a code for them is no fault of its profile.
        return findings.FirstOrDefault(f => f.Field == field.Name && f.IsError && f.Code is not (FindingCode.P15 or FindingCode.P03)) is { } finding
            ? FindingCatalogue.Message(finding, Language.Sv).TrimEnd()
            : null;
    }

    private void Add(Layout layout, string? tag, ProfileField?[] byRole, Dictionary<FieldRole, string> constants, Dictionary<FieldRole, string> blanks) =>
        records.Add(new ProfileRecord(tag, layout.With(field => Elsewhere(field, byRole[(int)field.Role],
            constants.GetValueOrDefault(field.Role), blanks.GetValueOrDefault(field.Role))), byRole));

    private static Field Elsewhere(Field field, ProfileField? place, string? constant, string? blank) => field with
    {
        Name = place?.Column ?? field.Name,
        Start = place?.Start ?? 0,
        // In CSV a number may have leading zeros; what it may be is said by Max.
        Length = place is { Length: > 0 } ? place.Length : Math.Max(field.Length, 10),
        Aliases = null,
        AbsentInCsv = constant ?? field.AbsentInCsv,
        BlankInCsv = blank ?? field.BlankInCsv,
    };

    /// <summary>A record of which one field alone is there.</summary>
    private sealed class OneCell(Field field, string value) : Cells
    {
        public override bool IsFixedWidth => false;

        public override ReadOnlySpan<char> Text(Field asked, out bool present) => (present = asked.Role == field.Role) ? value : default;

        public override (int? Column, int? Length) Place(Field asked) => (null, null);
    }
}
