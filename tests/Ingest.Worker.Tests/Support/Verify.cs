using System.IO.Abstractions;
using System.Runtime.CompilerServices;
using System.Text;

namespace Ingest.Worker.Tests;

/// <summary>
/// A stand-in for the package Verify.NUnit, which the registry that this project builds from does not serve. It has Verify's call
/// shape and file convention: <c>Class.Method_param=value.verified.txt</c> beside the test's source; on a difference
/// <c>.received.txt</c> beside it and a failed test; when both are equal the received file is deleted. To accept a change: read it,
/// then rename received to verified. Taking the real package is a change of this one file: delete it and reference the package.
/// </summary>
internal static class Verifier
{
    private static readonly FileSystem Files = new();
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: true);

    /// <param name="target">Line ends are compared as LF, as Verify does: what depends on them must show them.</param>
    public static async Task Verify(string target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "")
    {
        var stem = Files.Path.Combine(Files.Path.GetDirectoryName(sourceFile)!, Name(settings));
        var (verified, received) = (stem + ".verified.txt", stem + ".received.txt");
        var text = target.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        var expected = Files.File.Exists(verified) ? (await Files.File.ReadAllTextAsync(verified)).ReplaceLineEndings("\n") : null;
        if (expected == text)
        {
            Files.File.Delete(received);
            return;
        }
        await Files.File.WriteAllTextAsync(received, text, Utf8);
        Assert.Fail(expected is null
            ? $"There is no snapshot yet. Read {received} against the specification, and rename it to .verified.txt if it is right."
            : $"{Files.Path.GetFileName(verified)} differs at {FirstDifference(expected, text)}\nCompare {received}");
    }

    private static string Name(VerifySettings? settings)
    {
        var test = TestContext.CurrentContext.Test;
        var name = test.ClassName![(test.ClassName!.LastIndexOf('.') + 1)..] + "." + test.MethodName;
        var parameters = settings?.ParametersText ?? string.Join('_', test.MethodInfo!.GetParameters().Zip(test.Arguments, (p, value) => $"{p.Name}={value}"));
        if (parameters.Length > 0) name += "_" + parameters;
        return string.Concat(name.Select(c => c is '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' ? '-' : c));
    }

    private static string FirstDifference(string expected, string actual)
    {
        var (a, b) = (expected.Split('\n'), actual.Split('\n'));
        var line = 0;
        while (line < a.Length && line < b.Length && a[line] == b[line]) line++;
        return $"line {line + 1}:\n  verified: {a.ElementAtOrDefault(line)}\n  received: {b.ElementAtOrDefault(line)}";
    }
}

/// <summary>The part of Verify's settings that is used here.</summary>
internal sealed class VerifySettings
{
    public string? ParametersText { get; private set; }

    /// <summary>Stands in the file name in place of the test's arguments.</summary>
    public void UseTextForParameters(string text) => ParametersText = text;
}
