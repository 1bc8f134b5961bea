using System.CommandLine;
using System.Globalization;
using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Worker.Samples;

namespace Ingest.Worker.Commands;

/// <summary><c>sample</c>: a term of realistic files from published test numbers, with the outcome of every record.</summary>
internal static class SampleCommand
{
    public static Command Build()
    {
        var rows = new Option<long>("--rows") { Description = "About how many records about students", DefaultValueFactory = _ => 2_000 };
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same bytes", DefaultValueFactory = _ => 1 };
        var faults = new Option<double>("--faults")
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"Share of the records that carry a fault, 0 to {SampleOptions.MostFaults}"),
            DefaultValueFactory = _ => 0.05,
            // A share is written with a point whatever the machine's language is.
            CustomParser = result =>
            {
                if (double.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)) return share;
                result.AddError($"--faults: {result.Tokens[0].Value} is no number");
                return 0;
            },
        };
        var format = new Option<string>("--format") { Description = "The shape of the files: fixed, csv", DefaultValueFactory = _ => "fixed" };
        format.AcceptOnlyFromAmong("fixed", "csv");
        var to = new Option<string>("--out") { Description = "An empty or missing folder", Required = true };
        var baseDate = new Option<string?>("--base-date") { Description = $"The term's first day, yyyy-MM-dd (default {TermPlan.DefaultBaseDate:yyyy-MM-dd})" };
        var schools = new Option<string>("--schools") { Description = "skolkoder with commas between", DefaultValueFactory = _ => "KTH,LU" };
        var command = new Command("sample", "Write realistic test files, and the outcome of every record in them") { rows, seed, faults, format, to, baseDate, schools };
        command.SetAction(parsed => Run(new SampleOptions(
            parsed.GetValue(rows), parsed.GetValue(seed), parsed.GetValue(faults), parsed.GetValue(format) == "csv" ? FileShape.Csv : FileShape.FixedWidth,
            parsed.GetValue(to)!, BaseDate(parsed.GetValue(baseDate)), Schools(parsed.GetValue(schools)!))));
        return command;
    }

    private static int Run(SampleOptions options)
    {
        var files = new FileSystem();
        if (options.Rows < 1) throw new UsageException("--rows är minst 1");
        if (options.Faults is < 0 or > SampleOptions.MostFaults)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--faults är 0 till {SampleOptions.MostFaults}: med fler fel avvisas hela filer (F15)"));
        if (files.File.Exists(options.Out) || (files.Directory.Exists(options.Out) && files.Directory.EnumerateFileSystemEntries(options.Out).Any()))
            throw new UsageException($"{options.Out} är inte tom; sample behöver en tom eller ny mapp");
        var (count, records) = new SampleFiles(files, options).Write();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} filer med {records} poster om studerande i {options.Out}; utfallet av varje post står i {ExpectedJson.Name}"));
        return ExitCode.Ok;
    }

    private static DateOnly BaseDate(string? text)
    {
        if (text is null) return TermPlan.DefaultBaseDate;
        // Layout dates run from 1900 to 2100, and last term's and next month's are among them.
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is > 1970 and < 2090
            ? date
            : throw new UsageException("--base-date är ett datum yyyy-MM-dd mellan 1971 och 2089");
    }

    private static List<string> Schools(string text)
    {
        var codes = text.Split(',', StringSplitOptions.TrimEntries).Select(c => c.ToUpperInvariant()).ToList();
        var sound = codes.TrueForAll(c => c.Length is >= 1 and <= 8 && c.All(x => x is (>= 'A' and <= 'Z') or (>= '0' and <= '9') or 'Å' or 'Ä' or 'Ö'));
        if (!sound || codes.Distinct().Count() < codes.Count || codes.Count > SampleOptions.MostSchools)
            throw new UsageException($"--schools är högst {SampleOptions.MostSchools} olika skolkoder (1–8 tecken av A–Z, Å, Ä, Ö, 0–9) med komma emellan");
        return codes;
    }
}
