using System.Text.Json;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Finder;

/// <summary>Real guests' trees: the search comes to the configuration that the guest boots by.</summary>
public class BootFinderCorpusTests
{
    public static TheoryData<string> Cases => [.. CorpusCase.Names("grub2", "grub2+bls", "grub-legacy", "bls", "systemd-boot", "syslinux", "isolinux", "extlinux", "lilo").DefaultIfEmpty("none")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_configuration_is_found(string name)
    {
        CorpusCase corpus = CorpusCase.Load(name);
        BootSearch search = BootFinder.Find(corpus.Host(Root(corpus)));
        string looked = string.Join('\n', search.Looked);
        if (name == "cases/petitboot-grub2-lexer-error")
        {
            Assert.True(search.Menu is null && looked.Contains("passed over", StringComparison.Ordinal), looked); // GRUB rejects it, too.
            return;
        }

        Assert.True(search.Menu is not null, looked);
        Assert.EndsWith(corpus.Format == "systemd-boot" ? "/loader/loader.conf" : corpus.Config, search.Looked.Single(at => at.Outcome.StartsWith("taken", StringComparison.Ordinal)).Place, StringComparison.Ordinal);
    }

    /// <summary>The volume that GRUB had its files on.</summary>
    private static string Root(CorpusCase corpus) =>
        corpus.GrubEmu is { } grub && grub.TryGetProperty("default", out JsonElement entry) && entry.ValueKind == JsonValueKind.Object
        && CorpusCase.Text(entry, "root") is { } root && (root.Contains(",gpt", StringComparison.Ordinal) || root.Contains(",msdos", StringComparison.Ordinal))
            ? root
            : "hd0,msdos1";
}
