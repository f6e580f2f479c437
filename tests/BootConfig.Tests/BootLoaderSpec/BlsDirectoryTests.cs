using BlockRbd.BootConfig.BootLoaderSpec;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.BootLoaderSpec;

public class BlsDirectoryTests
{
    private const string Entries = "/loader/entries";

    [Fact]
    public void Fields_are_read_as_written()
    {
        BlsEntry entry = One("""
            # a comment
            title      Fedora Linux (6.1.0) 38
            version    6.1.0
            machine-id d8aff414dbe6429cbe36b52011441ef4
            linux      /vmlinuz-6.1.0
            initrd     /microcode.img $tuned_initrd
            initrd     /initramfs-6.1.0.img
            options    root=UUID=1 ro $tuned_params
            options    quiet
            devicetree /dtb/6.1.0
            grub_users $grub_users
            grub_arg   --unrestricted
            grub_class fedora
            grub_class gnu-linux
            grub_hotkey f
            architecture x64
            sort-key   fedora
            """);
        Assert.Equal("Fedora Linux (6.1.0) 38", entry.Title);
        Assert.Equal("6.1.0", entry.Version);
        Assert.Equal("d8aff414dbe6429cbe36b52011441ef4", entry.MachineId);
        Assert.Equal("/vmlinuz-6.1.0", entry.Linux);
        Assert.Equal(["/microcode.img $tuned_initrd", "/initramfs-6.1.0.img"], entry.Initrds);
        Assert.Equal(["root=UUID=1 ro $tuned_params", "quiet"], entry.Options);
        Assert.Equal("/dtb/6.1.0", entry.DeviceTree);
        Assert.Equal("$grub_users", entry.GrubUsers);
        Assert.Equal(["--unrestricted"], entry.GrubArgs);
        Assert.Equal(["fedora", "gnu-linux"], entry.GrubClasses);
        Assert.Equal("f", entry.GrubHotkey);
        Assert.Equal("x64", entry.First("architecture"));
        Assert.Equal("fedora", entry.First("sort-key"));
    }

    [Theory]
    [InlineData("linux /a\n\noptions b\n")]
    [InlineData("linux /a\n \t\noptions b\n")]
    [InlineData("linux /a\nversion\noptions b\n")]
    [InlineData("linux /a\nversion \noptions b\n")]
    public void An_empty_line_or_a_key_without_value_ends_the_file(string text) => Assert.Empty(One(text).Options);

    [Fact]
    public void Carriage_returns_tabs_and_leading_blanks_do_not_matter()
    {
        BlsEntry entry = One(" title\tA\tB\r\n\tlinux \t /vmlinuz\r\noptions a  b \r\n");
        Assert.Equal("A\tB", entry.Title);
        Assert.Equal("/vmlinuz", entry.Linux);
        Assert.Equal(["a  b "], entry.Options);
    }

    [Fact]
    public void The_id_is_the_file_name_without_conf_and_keeps_a_boot_counter() =>
        Assert.Equal("f-6.1+3-1", One("linux /a\n", "f-6.1+3-1.conf").Id);

    [Fact]
    public void A_directory_that_is_not_there_is_null() =>
        Assert.Null(BlsDirectory.Read(MemoryHost.With(("/x", "")).Volumes[0], Entries));

    [Fact]
    public void Only_files_that_end_in_conf_are_entries()
    {
        MemoryHost host = MemoryHost.With(
            ($"{Entries}/a.conf", "linux /a\n"), ($"{Entries}/b.conf.rpmsave", "linux /b\n"), ($"{Entries}/.conf", "linux /c\n"),
            ($"{Entries}/.hidden.conf", "linux /d\n"), ($"{Entries}/d.conf/e.conf", "linux /e\n"));
        List<string> notes = [];
        Assert.Equal(["a"], BlsDirectory.Read(host.Volumes[0], Entries, BlsDialect.RedHat, notes)!.Select(entry => entry.Id));
        Assert.Equal(["(hd0,msdos1)/loader/entries/d.conf: is not a file"], notes);
    }

    [Theory]
    [InlineData("m-6.1.0-1.fc38.x86_64 m-6.0.9-300.fc38.x86_64 m-5.19.17-300.fc36.x86_64 m-0-rescue")]
    [InlineData("m-5.14.0-70.13.1.el9_0.x86_64 m-5.14.0-70.el9.x86_64")] // where plain GRUB 2.14 has them the other way round
    [InlineData("m-4.18.0-240.15.1.el8_3.x86_64 m-4.18.0-240.1.1.el8_3.x86_64 m-4.18.0-193.el8.x86_64")]
    [InlineData("m-6.2.0-1 m-6.2.0~rc1-1")]
    [InlineData("ostree-2-fedora ostree-1-fedora")]
    [InlineData("m-6.1.0-1+2 m-6.0.0-1+1-2 m-6.2.0-1+0-3")] // no tries left: last
    [InlineData("b a")]
    [InlineData("m-5.14.0-70.el9.x86_64+debug m-5.14.0-70.el9.x86_64")]
    public void Red_hats_order_is_newest_first(string ids)
    {
        string[] expected = ids.Split(' ');
        MemoryHost host = MemoryHost.With([.. expected.Select((id, i) => ($"{Entries}/{id}.conf", $"linux /{i}\n")).Reverse()]);
        Assert.Equal(expected, BlsDirectory.Read(host.Volumes[0], Entries)!.Select(entry => entry.Id));
    }

    [Fact]
    public void Names_that_compare_equal_are_both_kept()
    {
        MemoryHost host = MemoryHost.With(($"{Entries}/m-1.0-1.conf", "linux /a\n"), ($"{Entries}/m-1_0-1.conf", "linux /b\n"));
        Assert.Equal(2, BlsDirectory.Read(host.Volumes[0], Entries)!.Count);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_passed_over_with_a_note()
    {
        MemoryHost host = MemoryHost.With(($"{Entries}/a.conf", "linux /a\n"), ($"{Entries}/b.conf", "linux /b\n"));
        ((MemoryVolume)host.Volumes[0]).Damaged.Add($"{Entries}/b.conf");
        List<string> notes = [];
        Assert.Equal(["a"], BlsDirectory.Read(host.Volumes[0], Entries, BlsDialect.RedHat, notes)!.Select(entry => entry.Id));
        Assert.Contains("damaged for the test", Assert.Single(notes));
    }

    [Fact]
    public void A_file_over_the_limit_is_passed_over_with_a_note()
    {
        MemoryHost host = MemoryHost.With(($"{Entries}/a.conf", "linux /a\n" + new string('#', BlsLimits.MaxEntryBytes)));
        List<string> notes = [];
        Assert.Empty(BlsDirectory.Read(host.Volumes[0], Entries, BlsDialect.RedHat, notes)!);
        Assert.Single(notes);
    }

    [Fact]
    public void A_hundred_thousand_entries_are_refused_by_name()
    {
        FlatVolume volume = new(100_000);
        BootConfigException e = Assert.Throws<BootConfigException>(() => BlsDirectory.Read(volume, Entries));
        Assert.Equal("(hd0,msdos1)/loader/entries: more than 2048 entry files", e.Message);
        Assert.Equal(0, volume.Reads);
    }

    [Fact]
    public void Sixteen_megabytes_of_entries_are_refused()
    {
        FlatVolume volume = new(2000) { Content = new byte[BlsLimits.MaxEntryBytes] };
        Assert.Throws<BootConfigException>(() => BlsDirectory.Read(volume, Entries));
        Assert.InRange(volume.Reads, 1, 17);
    }

    [Fact]
    public void Ten_thousand_keys_are_the_most()
    {
        string text = string.Concat(Enumerable.Repeat("k v\n", BlsLimits.MaxFields + 1));
        Assert.Throws<BootConfigException>(() => One(text));
    }

    [Fact]
    public void Random_bytes_never_end_in_another_exception()
    {
        Random random = new(7);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            BlsEntry entry = One(GuestText.FromBytes(bytes).Replace('\u0001', '\n'));
            BlsMenuEntry.From(entry, BlsDialect.RedHat, _ => "v");
        }
    }

    private static BlsEntry One(string text, string name = "a.conf")
    {
        IBootVolume volume = MemoryHost.With(($"{Entries}/{name}", text)).Volumes[0];
        return BlsDirectory.ReadFile(new BootFile(volume, $"{Entries}/{name}"))!;
    }

    /// <summary>A directory of many files with one content.</summary>
    private sealed class FlatVolume(int count) : IBootVolume
    {
        public byte[] Content { get; init; } = [];

        public int Reads { get; private set; }

        public string GrubName => "hd0,msdos1";

        public string FileSystem => "ext2";

        public string Label => "";

        public string Uuid => "";

        public string PartitionUuid => "";

        public string? Unreadable => null;

        public BootFileStat? Stat(string path) => new BootFileStat(false, Content.Length);

        public byte[]? ReadFile(string path, int maxBytes)
        {
            Reads++;
            return Content;
        }

        public IReadOnlyList<string>? List(string path) => [.. Enumerable.Range(0, count).Select(i => $"{i}.conf")];
    }
}
