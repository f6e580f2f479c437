using System.Globalization;

namespace BlockRbd.Ceph.Images;

/// <summary>Feature bits of an image, include/rbd/features.h RBD_FEATURE_*.</summary>
[Flags]
public enum RbdFeatures : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Clones can be made of its snapshots.</summary>
    Layering = 1 << 0,

    /// <summary>STRIPINGV2.</summary>
    Striping = 1 << 1,

    /// <summary>EXCLUSIVE_LOCK: librbd's own lock between writers, handed over on request.</summary>
    ExclusiveLock = 1 << 2,

    /// <summary>OBJECT_MAP.</summary>
    ObjectMap = 1 << 3,

    /// <summary>FAST_DIFF.</summary>
    FastDiff = 1 << 4,

    /// <summary>DEEP_FLATTEN.</summary>
    DeepFlatten = 1 << 5,

    /// <summary>JOURNALING.</summary>
    Journaling = 1 << 6,

    /// <summary>DATA_POOL.</summary>
    DataPool = 1 << 7,

    /// <summary>OPERATIONS: clone format 2 and the like.</summary>
    Operations = 1 << 8,

    /// <summary>MIGRATING: the image is being moved.</summary>
    Migrating = 1 << 9,

    /// <summary>NON_PRIMARY: the receiving side of a snapshot-based mirror.</summary>
    NonPrimary = 1 << 10,
}

/// <summary>What this host's kernel can do with an image.</summary>
public static class KernelFeatures
{
    // Linux before 4.11 doesn't say; these are what every kernel with a librbd of the last ten years has.
    private const RbdFeatures Unsaid = RbdFeatures.Layering;

    // drivers/block/rbd.c RBD_FEATURES_IMAGE_DYNAMIC and others are used by krbd; these it may ignore (rbd_dev_v2_features).
    private static readonly (RbdFeatures Feature, string Name)[] Names =
    [
        (RbdFeatures.Layering, "layering"), (RbdFeatures.Striping, "striping"), (RbdFeatures.ExclusiveLock, "exclusive-lock"),
        (RbdFeatures.ObjectMap, "object-map"), (RbdFeatures.FastDiff, "fast-diff"), (RbdFeatures.DeepFlatten, "deep-flatten"),
        (RbdFeatures.Journaling, "journaling"), (RbdFeatures.DataPool, "data-pool"), (RbdFeatures.Operations, "operations"),
        (RbdFeatures.Migrating, "migrating"), (RbdFeatures.NonPrimary, "non-primary"),
    ];

    /// <summary>The features that the kernel names in /sys/bus/rbd/supported_features ("0xbf").</summary>
    /// <param name="rbdBus">/sys/bus/rbd.</param>
    /// <returns>Null where the module isn't loaded yet, so that nothing is known.</returns>
    public static RbdFeatures? Supported(string rbdBus)
    {
        string path = Path.Combine(rbdBus, "supported_features");
        if (!Directory.Exists(rbdBus))
        {
            return null;
        }

        if (!File.Exists(path))
        {
            return Unsaid;
        }

        string text = File.ReadAllText(path).Trim();
        string digits = text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text;
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits)
            ? (RbdFeatures)bits
            : throw new CephException(CephFault.Malformed, $"{path} says {Targets.TargetText.Quote(text)}");
    }

    /// <summary>The features by their names, with commas; unknown ones as a number.</summary>
    public static string Format(RbdFeatures features)
    {
        List<string> names = [];
        foreach ((RbdFeatures feature, string name) in Names)
        {
            if ((features & feature) != 0)
            {
                names.Add(name);
                features &= ~feature;
            }
        }

        if (features != 0)
        {
            names.Add(string.Create(CultureInfo.InvariantCulture, $"0x{(ulong)features:x}"));
        }

        return string.Join(", ", names);
    }
}
