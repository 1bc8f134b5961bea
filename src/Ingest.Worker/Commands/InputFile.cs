using System.IO.Abstractions;

namespace Ingest.Worker.Commands;

/// <summary>Small files that an operator names on the command line.</summary>
internal static class InputFile
{
    /// <param name="path">Or <c>-</c> for the standard input.</param>
    /// <exception cref="UsageException">There is no such file.</exception>
    public static async Task<byte[]> ReadAsync(string path, CancellationToken stop)
    {
        if (path == "-")
        {
            using var all = new MemoryStream();
            await Console.OpenStandardInput().CopyToAsync(all, stop);
            return all.ToArray();
        }
        var files = new FileSystem();
        return files.File.Exists(path) ? await files.File.ReadAllBytesAsync(path, stop) : throw new UsageException($"{path} finns inte, eller är ingen fil");
    }
}
