using System.Data.Common;
using System.Globalization;
using Dapper;
using Ingest.Formats;

namespace Ingest.Worker.Ledger;

/// <summary>The numbers at a school that an operator has said belong to one person. Few: a handful a year.</summary>
/// <param name="PersonOf">By number, twelve digits.</param>
/// <param name="Interim">Interim numbers, as compared, and whose they are.</param>
internal sealed record IdentityLinks(IReadOnlyDictionary<long, long> PersonOf, IReadOnlyDictionary<string, Personnummer> Interim)
{
    /// <param name="asOf">A link holds from the window in which it was made, until another of the same number.</param>
    public static IdentityLinks Of(DbConnection connection, long school, DateOnly asOf)
    {
        var persons = new Dictionary<long, long>();
        var interim = new Dictionary<string, Personnummer>();
        foreach (var (number, person) in connection.Query<(string, long)>(
                     "SELECT l.number, l.person FROM identity_link l JOIN school s ON s.code = l.school WHERE s.id = @school AND l.cutoff <= @asOf ORDER BY l.cutoff",
                     new { school, asOf = LedgerDatabase.Number(asOf) }))
        {
            if (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var digits)) persons[digits] = person;
            else interim[number] = Personnummer.FromStorage(person);
        }
        return new IdentityLinks(persons, interim);
    }

    public long Person(long number) => PersonOf.GetValueOrDefault(number, number);

    public bool SamePerson(long one, long other) => Person(one) == Person(other);

    /// <summary>All numbers of a number's person, itself among them.</summary>
    public IEnumerable<long> NumbersOf(long number)
    {
        var person = Person(number);
        return PersonOf.Where(l => l.Value == person).Select(l => l.Key).Append(person).Append(number).Distinct();
    }
}
