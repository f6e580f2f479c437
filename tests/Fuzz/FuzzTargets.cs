using BlockRbd.Fuzz.Targets;
using BlockRbd.GuestDisk.FileSystems.Btrfs;
using BlockRbd.GuestDisk.FileSystems.ExFat;
using BlockRbd.GuestDisk.FileSystems.Ext;
using BlockRbd.GuestDisk.FileSystems.Fat;
using BlockRbd.GuestDisk.FileSystems.Iso9660;
using BlockRbd.GuestDisk.FileSystems.SquashFs;
using BlockRbd.GuestDisk.FileSystems.Xfs;
using BlockRbd.Unpacking;

namespace BlockRbd.Fuzz;

/// <summary>Everything that reads hostile bytes. A new reader is a line here, and "bases" or a first input below corpus/.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        // A filesystem's folder of src/GuestDisk/FileSystems in small letters, how it is opened, the images that it starts from: GROUP/NAME of fixtures/images.
        DiskTarget.FileSystem(
            "ext", ExtFileSystem.Open, "ext/ext2-1k", "ext/ext4-1k", "ext/ext4-inline-1k", "ext/dirty-ext4-csum-v1", "ext/dirty-fast-commit-1k", "ext/names-half-md4",
            "ext/ext4-meta-bg"),
        DiskTarget.FileSystem("xfs", XfsFileSystem.Open, "xfs/v4-512", "xfs/newest", "xfs/dirty-crashed", "xfs/directories-1k", "xfs-log/kernel-cut"),
        DiskTarget.FileSystem("btrfs", BtrfsFileSystem.Open, "btrfs/node-4k", "btrfs/zstd", "btrfs/subvolumes", "btrfs/dirty-contents-4k"),
        DiskTarget.FileSystem("fat", FatFileSystem.Open, "fat/fat12", "fat/fat16", "fat/fat32", "fat/fat12-fragments"),
        DiskTarget.FileSystem("exfat", ExFatFileSystem.Open, "exfat/cluster-512", "exfat/pieces", "exfat/packed-bitmap"),
        DiskTarget.FileSystem("iso9660", Iso9660FileSystem.Open, "iso/rock", "iso/joliet", "iso/zisofs", "iso/rock-reloc"),
        DiskTarget.FileSystem("squashfs", SquashFsFileSystem.Open, "squashfs/gzip", "squashfs/unpacked", "squashfs/names"),

        // Whole disks: partitions, what is put together of them, and the filesystems there.
        DiskTarget.WholeDisks(
            "partitions",
            "sfdisk: label: dos|,8M,83,*|,8M,c|,,5|,4M,83|,4M,82|,4M,8e",
            "sfdisk: label: gpt|,8M,L,*|,8M,U|,4M,S|,,V",
            "iso/hybrid-gpt"),
        DiskTarget.WholeDisks("lvm", "lvm/pv0+pv1", "lvm/pv2+pv3"),
        DiskTarget.WholeDisks("btrfs-devices", "btrfs/raid10+raid10.2+raid10.3+raid10.4", "btrfs/several-single+several-single.2"),

        ConfigTarget.Of("grub2", "/boot/grub/grub.cfg", "grub2"),
        ConfigTarget.Of("grub-legacy", "/boot/grub/menu.lst", "grub-legacy"),
        ConfigTarget.Of("bls", "/boot/loader/entries/a.conf", "bls", "grub2+bls"),
        ConfigTarget.Of("syslinux", "/boot/extlinux/extlinux.conf", "syslinux", "isolinux", "extlinux"),
        ConfigTarget.Of("systemd-boot", "/loader/entries/a.conf", "systemd-boot"),
        ConfigTarget.Of("lilo", "/etc/lilo.conf", "lilo"),
        ConfigTarget.UnifiedKernel,

        PackedTarget.Stream("gzip", Packing.Gzip),
        PackedTarget.Stream("zlib", Packing.Zlib),
        PackedTarget.Stream("deflate", Packing.Deflate),
        PackedTarget.Stream("bzip2", Packing.Bzip2),
        PackedTarget.Stream("lzma", Packing.Lzma),
        PackedTarget.Stream("xz", Packing.Xz),
        PackedTarget.Stream("lzo", Packing.Lzo),
        PackedTarget.Stream("lz4", Packing.Lz4),
        PackedTarget.Stream("zstd", Packing.Zstd),
        PackedTarget.Block("lzo1x-block", BlockPacking.Lzo1x),
        PackedTarget.Block("lz4-block", BlockPacking.Lz4),
        PackedTarget.Block("lz4-partial-block", BlockPacking.Lz4Partial),
        PackedTarget.Block("zstd-block", BlockPacking.Zstd),
        PackedTarget.Kernel,

        BlockRbdTarget.Target,
        BlockRbdTarget.QemuTarget,
        BlockRbdTarget.Config,
        BlockRbdTarget.XenStore,

        ConfinedTarget.Answer,
        ConfinedTarget.Menu,
    ];

    /// <summary>The one of a name.</summary>
    public static FuzzTarget Named(string name) =>
        All.FirstOrDefault(target => target.Name == name) ?? throw new ArgumentException($"no target {name}: {string.Join(' ', All.Select(static target => target.Name))}");
}
