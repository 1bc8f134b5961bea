using System.Data.Common;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;

namespace Ingest.Worker.Ledger;

/// <summary>
/// What files are called: a finding points at another record by its file's id, for the rules know no more; whoever reads it knows the file by
/// the name under which it was sent.
/// </summary>
internal sealed class FileNames(DbConnection? connection)
{
    private readonly Dictionary<long, string?> known = [];

    /// <summary>Where there is no ledger, and so no other file.</summary>
    public FileNames(FileRow only)
        : this(connection: null) => known.Add(only.Id, only.Name);

    /// <summary>The name as the ledger has it (identity numbers in it masked); null for a file that it does not have.</summary>
    public string? Of(long file)
    {
        if (!known.TryGetValue(file, out var name)) known.Add(file, name = connection?.ExecuteScalar<string?>("SELECT name FROM file WHERE id = @file", new { file }));
        return name;
    }

    /// <summary><c>termin.txt (20260119-000002)</c>: the id tells files of one name apart, and which receipts are the file's.</summary>
    public string Shown(long file) => Of(file) is { } name ? Shown(name, file) : FileId.Text(file);

    public static string Shown(string name, long file) => $"{name} ({FileId.Text(file)})";

    /// <summary>The same finding with names where it has ids.</summary>
    /// <param name="own">The file that the finding is about: its name alone is enough.</param>
    public Finding In(Finding finding, long own)
    {
        if (!finding.Args.Any(a => FileId.Parse(a) is not null)) return finding;
        return finding with { Args = [.. finding.Args.Select(a => FileId.Parse(a) is { } file && Of(file) is { } name ? Plain(file == own ? name : Shown(file)) : a)] };

        // The divider would make two languages of it.
        static string Plain(string text) => text.Replace(Phrase.Divider, '|');
    }
}
