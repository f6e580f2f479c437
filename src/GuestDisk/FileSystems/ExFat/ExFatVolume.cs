using BlockRbd.GuestDisk.FileSystems.Fat;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.ExFat;

/// <summary>What every part of the reader needs of a volume.</summary>
internal sealed class ExFatVolume : FatClusters
{
    private const byte UpcaseType = 0x82;
    private const byte LabelType = 0x83;
    private const string RootName = "the root directory";

    public ExFatVolume(BlockSource source, ExFatBootSector boot)
        : base(source, boot.Layout)
    {
        Boot = boot;
        ExFatDirectory root = Root();
        long upcase = root.Locate(UpcaseType);
        if (upcase < 0)
        {
            Corrupt("exFAT root directory", "has no up-case table");
        }

        Upcase = ExFatUpcase.Read(this, root.Entry(upcase, "exFAT up-case table's entry"));
        Label = ReadLabel(root);
    }

    public ExFatBootSector Boot { get; }

    /// <summary>Which names are the same.</summary>
    public ExFatUpcase Upcase { get; }

    /// <summary>The label in UTF-8; empty where there is none.</summary>
    public byte[] Label { get; }

    /// <summary>The root directory, which no entry names.</summary>
    public ExFatDirectory Root() =>
        new(this, RootName, FatContent.OfDirectory(this, "exFAT root directory", Boot.RootCluster, ExFatLimits.MaxDirectoryBytes), hasChain: true);

    /// <summary>What lies side by side from a cluster on.</summary>
    public FatContent Range(string what, uint first, long length)
    {
        long clusters = (length / ClusterBytes) + (length % ClusterBytes == 0 ? 0 : 1);
        if (!HasCluster(first) || clusters > ClusterCount - (first - FatLayout.FirstCluster))
        {
            Corrupt(what, $"{clusters} clusters from {first} on; the volume has {ClusterCount}");
        }

        return FatContent.OfRange(this, ClusterOffset(first), length);
    }

    private static byte[] ReadLabel(ExFatDirectory root)
    {
        long at = root.Locate(LabelType);
        if (at < 0)
        {
            return [];
        }

        StructReader entry = root.Entry(at, "exFAT volume label");
        int units = entry.U8(1); // CharacterCount
        if (units > ExFatLimits.MaxLabelUnits)
        {
            entry.Corrupt(1, $"has {units} characters");
        }

        return System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.Unicode.GetString(entry.Bytes(2, 2 * units)));
    }
}
