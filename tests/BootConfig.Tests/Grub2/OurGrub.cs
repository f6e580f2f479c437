using System.Text;
using BlockRbd.BootConfig.Grub2;
using BlockRbd.Testing;

namespace BlockRbd.BootConfig.Tests.Grub2;

/// <summary>Our evaluator with the same disk and the same words around as <see cref="RealGrub"/>.</summary>
internal static class OurGrub
{
    /// <summary>What it prints, with errors as "error: …".</summary>
    public static string Run(string config, IReadOnlyDictionary<string, string> files, string? uuid = null, string label = "")
    {
        StringBuilder printed = new();
        MemoryHost host = new();
        MemoryVolume volume = host.Add("hd0", label, uuid ?? "8f0b5a54-6b71-4f2b-9c2f-1a2b3c4d5e6f");
        foreach ((string path, string text) in files)
        {
            volume.File(path, text);
        }

        host.Add("host", unreadable: "the real GRUB's own machine, which it lists as a disk");
        volume.File("/wrapper/grub.cfg", $"set prefix=(hd0)/boot/grub\n{config}\nhalt\n");
        Grub2Options options = new()
        {
            Platform = "emu",
            Cpu = "x86_64",
            Output = text => printed.Append(text),
            ErrorOutput = text => printed.Append("error: ").Append(text).Append(".\n"),
        };
        BootMenu menu = Grub2Config.Load(host, volume, "/wrapper/grub.cfg", options);
        menu.Default?.Plan();
        return printed.ToString();
    }
}
