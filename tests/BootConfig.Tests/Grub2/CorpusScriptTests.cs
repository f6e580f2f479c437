using System.Text;
using System.Text.Json;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Grub2;

/// <summary>GRUB's own script tests: what bash prints is what GRUB is to print.</summary>
public class CorpusScriptTests
{
    public static TheoryData<string> Scripts => Repo.BootCorpus is { } corpus
        ? [.. Directory.GetDirectories(Path.Combine(corpus, "scripts")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)]
        : ["none"];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Prints_what_bash_prints_or_where_GRUB_does_not_what_GRUB_prints(string name)
    {
        Assert.SkipWhen(Repo.BootCorpus is null, "no boot corpus: set BOOT_CORPUS to the folder that has scripts/");
        string folder = Path.Combine(Repo.BootCorpus!, "scripts", name);
        Dictionary<string, string> files = new() { ["/script.cfg"] = File.ReadAllText(Path.Combine(folder, "script.cfg"), Encoding.Latin1) };
        string ours = OurGrub.Run("source /script.cfg", files);
        using JsonDocument meta = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "meta.json")));
        if (meta.RootElement.GetProperty("grub_emu_2.14_same").GetBoolean())
        {
            string bash = File.ReadAllText(Path.Combine(folder, "expected_stdout.txt"), Encoding.Latin1);
            Assert.Equal(bash.TrimEnd(), string.Join('\n', ours.Split('\n').Where(line => !line.StartsWith("error: ", StringComparison.Ordinal))).TrimEnd());
            return;
        }

        using RealGrub grub = new();
        Assert.Equal(Transcript.Normalize(grub.Run("source /script.cfg", files)), Transcript.Normalize(ours));
    }
}
