namespace Ingest.Rules;

/// <summary>Events by what they have in common, each group in order of arrival. Cleared and filled again for each student, it keeps its lists.</summary>
internal sealed class Groups<TKey>(IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
{
    // One student with very many must not make every later one dear to clear.
    private const int MostKept = 256;

    public static readonly List<StudentEvent> None = [];

    private readonly List<List<StudentEvent>> spare = [];
    private Dictionary<TKey, List<StudentEvent>> groups = new(comparer);

    public void Add(TKey key, StudentEvent e)
    {
        if (!groups.TryGetValue(key, out var group))
        {
            if (spare.Count == 0) spare.Add([]);
            groups.Add(key, group = spare[^1]);
            spare.RemoveAt(spare.Count - 1);
        }
        group.Add(e);
    }

    public void Remove(TKey key, StudentEvent e) => Of(key).Remove(e);

    /// <summary>To read; empty when there is none.</summary>
    public List<StudentEvent> Of(TKey key) => groups.TryGetValue(key, out var group) ? group : None;

    public void Clear()
    {
        if (groups.Count == 0) return;
        if (groups.Count > MostKept)
        {
            groups = new Dictionary<TKey, List<StudentEvent>>(comparer);
            return;
        }
        foreach (var group in groups.Values)
        {
            group.Clear();
            if (group.Capacity <= MostKept) spare.Add(group);
        }
        groups.Clear();
    }
}
