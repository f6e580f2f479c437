using BlockRbd.BootConfig.GrubLegacy;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.GrubLegacy;

/// <summary>Small guests with a menu.lst.</summary>
internal static class Menus
{
    public const string Lst = "/boot/grub/menu.lst";

    /// <summary>Four volumes with a file /v on each; the menu goes to hd0,msdos1.</summary>
    public static MemoryHost Disks()
    {
        MemoryHost host = new();
        host.Add("hd0").File("/v");
        host.Add("hd0,msdos1").File("/v");
        host.Add("hd0,msdos5").File("/v");
        host.Add("hd1,gpt2", uuid: "1234-abcd").File("/v");
        return host;
    }

    /// <summary>Entries A, B and C behind some global commands.</summary>
    public static MemoryHost Three(string global) =>
        MemoryHost.With((Lst, $"{global}\ntitle A\nkernel /a\ntitle B\nkernel /b\ntitle C\nkernel /c\n"));

    public static BootMenu Load(string text) => Load(MemoryHost.With(("/v", "")), text);

    public static BootMenu Load(MemoryHost host, string text)
    {
        IBootVolume volume = host.Volumes.First(volume => volume.GrubName == "hd0,msdos1");
        ((MemoryVolume)volume).File(Lst, text);
        return GrubLegacyConfig.Load(host, volume, Lst);
    }

    public static LinuxBoot Linux(string text) => Assert.IsType<LinuxBoot>(Load(text).Default!.Plan());

    public static string KernelVolume(BootMenu menu) => Assert.IsType<LinuxBoot>(menu.Default!.Plan()).Kernel.Volume.GrubName;
}
