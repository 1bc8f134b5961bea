using System.Collections;
using System.CommandLine;
using System.Globalization;
using System.IO.Abstractions;
using System.Reflection;
using System.Text.RegularExpressions;
using Ingest.Rules;
using Ingest.Worker.Commands;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Configuration;

namespace Ingest.Worker.Tests.Docs;

/// <summary>What README and docs/ say about commands, settings, tests and files is so.</summary>
public sealed partial class ReadmeTests
{
    private static readonly FileSystem Files = new();
    private static readonly string Repository = FindRepository();
    private static readonly Command Root = RootCommand();

    private static readonly string[] Documents =
        [.. Files.Directory.EnumerateFiles(Repository, "*.md"), .. Files.Directory.EnumerateFiles(Path.Combine(Repository, "docs"), "*.md", SearchOption.AllDirectories)];

    public static IEnumerable<string> DocumentNames => Documents.Select(d => Path.GetRelativePath(Repository, d)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(DocumentNames))]
    public void Each_command_and_option_that_a_document_names_exists(string document)
    {
        Assert.Multiple(() =>
        {
            foreach (var line in CommandLines(Read(document)))
            {
                var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w.Trim('[', ']', '…', ',')).ToList();
                var command = Root.Subcommands.FirstOrDefault(c => c.Name == words[0]);
                Assert.That(command, Is.Not.Null, $"{document}: there is no command “{words[0]}” (in “{line}”)");
                foreach (var option in words.Where(w => w.StartsWith("--", StringComparison.Ordinal) && !w.Contains(':', StringComparison.Ordinal)))
                    Assert.That(command?.Options.Select(o => o.Name), Does.Contain(option), $"{document}: in “{line}”");
            }
        });
    }

    [Test]
    public void Each_command_stands_in_the_table_of_README_with_each_of_its_options()
    {
        var told = Rows(Section("Commands"))
            .Select(cells => Ticks().Match(cells[0]).Groups[1].Value)
            .ToDictionary(line => line.Split(' ')[0], StringComparer.Ordinal);
        Assert.That(told.Keys, Is.EquivalentTo(Root.Subcommands.Select(c => c.Name)));
        Assert.Multiple(() =>
        {
            foreach (var command in Root.Subcommands)
            {
                var named = OptionName().Matches(told[command.Name]).Select(m => m.Value);
                Assert.That(named, Is.EquivalentTo(command.Options.Where(o => o.Name != "--help").Select(o => o.Name)), command.Name);
            }
        });
    }

    [Test]
    public void The_settings_of_README_are_all_that_there_are_with_the_defaults_in_force()
    {
        var told = Rows(Section("Settings")).Select(c => (Key: Ticks().Match(c[0]).Groups[1].Value, Default: Ticks().Match(c[1]).Groups[1].Value)).ToList();
        Assert.That(told, Is.EquivalentTo(Defaults(new IngestSettings(), "")));
    }

    [Test]
    public void The_defaults_of_README_can_be_given_as_they_stand()
    {
        var told = Rows(Section("Settings")).ToDictionary(c => Ticks().Match(c[0]).Groups[1].Value, c => (string?)Ticks().Match(c[1]).Groups[1].Value, StringComparer.Ordinal);
        var settings = SettingsLoader.Load(new ConfigurationBuilder().AddInMemoryCollection(told).Build());
        Assert.That(Defaults(settings, ""), Is.EquivalentTo(Defaults(new IngestSettings(), "")));
    }

    [TestCaseSource(nameof(DocumentNames))]
    public void Each_link_within_the_repository_leads_somewhere(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository, document))!;
        Assert.Multiple(() =>
        {
            foreach (Match link in Link().Matches(WithoutCode(Read(document))))
            {
                var target = link.Groups[1].Value;
                if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal)) continue;
                var path = Path.GetFullPath(Path.Combine(folder, target));
                Assert.That(Files.File.Exists(path) || Files.Directory.Exists(path), $"{document}: {target}");
            }
        });
    }

    [Test]
    public void The_receipt_that_README_shows_is_the_one_that_the_sample_gets()
    {
        var snapshots = Path.Combine(Repository, "tests", "Ingest.Worker.Tests", "Receipts");
        var receipt = Files.File.ReadAllText(Files.Directory.EnumerateFiles(snapshots, "*Each_sample*sample=csv-alla-fel.csv.verified.txt").Single());
        var summary = Regex.Match(receipt, "\"summary\": \"(.*)\"").Groups[1].Value;
        var shown = Section("A receipt");
        Assert.That(shown.ReplaceLineEndings(" "), Does.Contain(summary));
        foreach (var row in shown.Split('\n').Where(line => Regex.IsMatch(line, @"^\d+;"))) Assert.That(receipt, Does.Contain(row));
    }

    [Test]
    public void Each_test_that_README_names_exists()
    {
        var source = string.Concat(Files.Directory.EnumerateFiles(Path.Combine(Repository, "tests"), "*.cs", SearchOption.AllDirectories).Select(Files.File.ReadAllText));
        var named = TestName().Matches(Read("README.md")).Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.That(named, Is.Not.Empty);
        Assert.That(named.Where(n => !Regex.IsMatch(source, $@"\bclass {n}\b")), Is.Empty);
    }

    [Test]
    public void Each_test_that_the_table_of_bad_surroundings_names_exists()
    {
        var tests = typeof(ReadmeTests).Assembly.GetTypes().SelectMany(t => t.GetMethods()).Select(m => m.Name).ToHashSet();
        var operations = Read("docs/operations.md");
        var from = operations.IndexOf("\n## Bad surroundings\n", StringComparison.Ordinal);
        var rows = operations[from..operations.IndexOf("\n## ", from + 1, StringComparison.Ordinal)].Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();
        Assert.That(rows, Has.Count.GreaterThan(20));
        foreach (var row in rows)
        {
            var named = Ticks().Matches(row.Split('|')[^2]).Select(m => m.Groups[1].Value).ToList();
            Assert.That(named, Is.Not.Empty.And.SubsetOf(tests), row);
        }
    }

    /// <summary>What stands behind <c>ingest</c> or <c>dotnet run … --</c>, in code spans and code blocks.</summary>
    private static IEnumerable<string> CommandLines(string text) =>
        from Match code in Code().Matches(text)
        from line in (code.Groups["block"].Success ? code.Groups["block"].Value : code.Groups["span"].Value).Split('\n')
        let command = Invocation().Match(line)
        where command.Success
        select command.Groups[1].Value;

    private static string Section(string heading)
    {
        var readme = Read("README.md");
        var from = readme.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        Assert.That(from, Is.GreaterThan(0), $"README has no section {heading}");
        var to = readme.IndexOf("\n## ", from + 1, StringComparison.Ordinal);
        return readme[from..(to < 0 ? readme.Length : to)];
    }

    /// <summary>The rows of the tables in a text, without heading and rule.</summary>
    private static List<string[]> Rows(string text) =>
        [.. text.Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal)).Select(l => l.Replace("\\|", "¦", StringComparison.Ordinal).Split('|')[1..^1])];

    private static IEnumerable<(string Key, string Default)> Defaults(object settings, string prefix) =>
        settings.GetType().GetProperties().SelectMany(p => p.GetValue(settings) switch
        {
            { } section when section.GetType().Namespace == typeof(IngestSettings).Namespace => Defaults(section, prefix + p.Name + ":"),
            var value => [(prefix + p.Name, Text(value))],
        });

    private static string Text(object? value) => value switch
    {
        // Cutoff:Days is the only one that need not be set.
        null => string.Join(',', new CutoffDays().Days.Order()),
        string text => text,
        bool yes => yes ? "true" : "false",
        IEnumerable<DayOfWeek> days => string.Join(',', days.Order()),
        IEnumerable list => string.Join(',', list.Cast<object>()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException(value.GetType().Name, nameof(value)),
    };

    private static string WithoutCode(string text) => Code().Replace(text, "");

    private static string Read(string document) => Files.File.ReadAllText(Path.Combine(Repository, document)).ReplaceLineEndings("\n");

    private static Command RootCommand() =>
        (Command)typeof(CommandLine).GetMethod("Build", BindingFlags.Static | BindingFlags.NonPublic)!.Invoke(null, [Array.Empty<string>()])!;

    private static string FindRepository()
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        while (!Files.File.Exists(Path.Combine(folder, "MinaTjanster.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex(@"```[a-z]*\n(?<block>.*?)```|`(?<span>[^`\n]+)`", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"(?:(?:^|[\s/])ingest|src/Ingest\.Worker (?:-c \w+ )?--) ((?!--|:)[a-z]+\b(?! *[=:]).*)")]
    private static partial Regex Invocation();

    [GeneratedRegex("`([^`]*)`")]
    private static partial Regex Ticks();

    [GeneratedRegex("--[a-z][a-z-]*")]
    private static partial Regex OptionName();

    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`(\w+Tests)(?:\.\w+)?`")]
    private static partial Regex TestName();
}
