using System.Globalization;
using System.Text;
using System.Text.Json;
using BlockRbd.BootConfig.SystemdBoot;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.SystemdBoot;

/// <summary>Entries as systemd's own bootctl lists them.</summary>
public class BootctlTests
{
    /// <summary>Where bootctl isn't what systemd-boot does, and why.</summary>
    private static readonly Dictionary<string, string> Different = new()
    {
        ["unlabelled/real-tehcmc-arch"] = "systemd-boot takes quotes around a value off (line_get_key_value), bootctl shows them",
    };

    public static TheoryData<string> Cases => [.. CorpusCase.Names("bls", "systemd-boot").DefaultIfEmpty("none")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_corpus_menus_are_bootctls(string name)
    {
        CorpusCase corpus = CorpusCase.Load(name);
        MemoryHost host = corpus.Host();
        BootMenu menu = SystemdBootConfig.Load(host, host.Volumes[0], corpus.Config, new SystemdBootOptions { FilesMustExist = false });
        JsonElement[] expected = [.. corpus.BootCtl!.Value.GetProperty("entries").EnumerateArray().Where(entry => CorpusCase.Text(entry, "kernel") is not null)];
        Assert.Equal(expected.Select(entry => CorpusCase.Text(entry, "id")), menu.Entries.Where(entry => entry.Plan() is LinuxBoot).Select(entry => entry.Id));
        foreach (JsonElement entry in expected)
        {
            LinuxBoot boot = Assert.IsType<LinuxBoot>(menu.Entries.Single(ours => ours.Id == CorpusCase.Text(entry, "id")).Plan());
            string? cmdline = CorpusCase.Text(entry, "cmdline");
            Assert.Equal(Different.ContainsKey(name) ? cmdline?.Trim('"') : cmdline, boot.Arguments);
            Assert.Equal(CorpusCase.Text(entry, "kernel"), boot.Kernel.Path);
            Assert.Equal(CorpusCase.Texts(entry, "initrd"), boot.Initrds.Select(file => file.Path));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Random_entries_have_bootctls_order_and_words(int seed)
    {
        Random random = new(seed);
        using ScratchFolder scratch = new();
        MemoryHost host = new();
        MemoryVolume volume = host.Add("hd0,gpt1");
        for (int i = 0; i < 40; i++)
        {
            // bootctl refuses names with "~" and "^", which versions may have.
            string name = $"{Pick(random, "a", "b", "fedora")}-{Version(random).Replace('~', '.').Replace('^', '.')}-n{i}{Pick(random, "", "", "+3", "+2-1", "+0-3")}.conf";
            Put(scratch, volume, $"/loader/entries/{name}", EntryText(random, i));
        }

        Put(scratch, volume, "/k", "k");
        Put(scratch, volume, "/loader/loader.conf", $"default {Pick(random, "b-*", "*-n3.conf", "fedora-[1-5]*", "nothing")}\n");
        IReadOnlyList<JsonElement> real = SystemdTools.BootctlList(scratch.Path);
        BootMenu menu = SystemdBootConfig.Load(host, volume, "/loader/entries");
        Assert.Equal(real.Select(Real), menu.Entries.Select(Ours));
        Assert.Equal(CorpusCase.Text(real.Single(entry => entry.GetProperty("isDefault").GetBoolean()), "id"), menu.Default!.Id);
    }

    private static string EntryText(Random random, int number)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"title Entry {number}\nlinux{Pick(random, " ", "\t", "  ")}/k\n");
        text.Append(Pick(random, "", "sort-key x\n", "sort-key y\n")).Append(Pick(random, "", "machine-id 1234567890abcdef1234567890abcdef\n", "machine-id 0234567890abcdef1234567890abcdef\n"));
        text.Append(random.Next(3) > 0 ? $"version {Version(random)}\n" : "");
        for (int lines = random.Next(3); lines > 0; lines--)
        {
            text.Append(Pick(random, "options a=b c\n", "\n# comment\noptions quiet\n", "initrd /k\n", "unknown x\n"));
        }

        return text.ToString();
    }

    private static string Version(Random random) =>
        Pick(random, "6.1.0", "6.10", "6.9", "6.1.0~rc1", "6.1.0^1", "06.1", "6.1-200.fc40", "6.1_a", "5", "a.b", "6.1.0-rc2", "6..1", "");

    private static string Real(JsonElement entry) => string.Join(
        " | ", CorpusCase.Text(entry, "id"), CorpusCase.Text(entry, "linux"), CorpusCase.Text(entry, "cmdline") ?? "", string.Join(',', CorpusCase.Texts(entry, "initrd") ?? []));

    private static string Ours(BootEntry entry)
    {
        LinuxBoot boot = Assert.IsType<LinuxBoot>(entry.Plan());
        return string.Join(" | ", entry.Id, boot.Kernel.Path, boot.Arguments, string.Join(',', boot.Initrds.Select(file => file.Path)));
    }

    private static void Put(ScratchFolder scratch, MemoryVolume volume, string path, string text)
    {
        string file = scratch[path[1..]];
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        volume.File(path, text);
    }

    private static string Pick(Random random, params string[] values) => values[random.Next(values.Length)];
}
