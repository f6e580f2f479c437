using System.Text;
using BlockRbd.BootConfig.BootLoaderSpec;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.BootLoaderSpec;

public class FileVersionTests
{
    /// <summary>
    /// GNU sort -V compares with the same gnulib function; -s keeps its own last resort out. Names that begin with a dot
    /// are left out: gnulib's versions differ on them, and no entry file has one.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Sorts_random_names_as_gnu_sort_does(int seed)
    {
        string[] names = [.. RandomNames(new Random(seed), 400)];
        List<string> ours = [];
        foreach (string name in names)
        {
            int at = ours.FindIndex(other => FileVersion.Compare(name, other) < 0);
            ours.Insert(at < 0 ? ours.Count : at, name);
        }

        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, Encoding.Latin1.GetBytes(string.Concat(names.Select(name => name + "\n"))));
            ToolResult sorted = Tool.Run("sort", ["-V", "-s", file], TimeSpan.FromMinutes(1), new Dictionary<string, string> { ["LC_ALL"] = "C" });
            Assert.Equal(sorted.Text.TrimEnd('\n').Split('\n'), ours);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IEnumerable<string> RandomNames(Random random, int count)
    {
        string[] parts = [".", "..", "-", "_", "~", "+", "0", "1", "10", "007", "9", "a", "B", "el9", "rc", "x86_64", ".conf", "5.14.0", "-70", ".fc38", "é"];
        for (int i = 0; i < count; i++)
        {
            StringBuilder name = new();
            int length = random.Next(1, 7);
            for (int j = 0; j < length; j++)
            {
                name.Append(parts[random.Next(parts.Length)]);
            }

            yield return name.ToString().TrimStart('.') + "x";
        }
    }
}
