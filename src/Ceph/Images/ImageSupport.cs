using System.Runtime.InteropServices;
using BlockRbd.Ceph.Native;

namespace BlockRbd.Ceph.Images;

/// <summary>Whether an image can be used on this host at all.</summary>
public static class ImageSupport
{
    // librbd's RBD_FEATURES_DISABLE_ONLY and RBD_FEATURES_MUTABLE: "rbd feature disable" takes these.
    private const RbdFeatures CanBeDisabled =
        RbdFeatures.ExclusiveLock | RbdFeatures.ObjectMap | RbdFeatures.FastDiff | RbdFeatures.DeepFlatten | RbdFeatures.Journaling;

    private const int MirrorInfoBytes = 16; // rbd_mirror_image_info_t
    private const int MirrorEnabled = 1;    // RBD_MIRROR_IMAGE_ENABLED

    /// <summary>Refuses an image that can't be mapped, or that a mirror writes to. No RADOS operation, unless the image has a journal.</summary>
    /// <param name="pool">The image's pool.</param>
    /// <param name="image">The image.</param>
    /// <param name="kernel">What the kernel supports; null where that is of no matter (nbd) or not known yet.</param>
    /// <exception cref="CephException">It can't be used; the message says what would help.</exception>
    public static void Require(CephPool pool, ImageInfo image, RbdFeatures? kernel)
    {
        string name = Targets.ImageSpelling.Prefix(image.Pool, image.Namespace) + image.Name;
        if ((image.Features & RbdFeatures.Migrating) != 0)
        {
            throw new CephException(
                CephFault.Unsupported, $"image {name} is being migrated: finish that first ('rbd migration execute', then 'commit')");
        }

        // A snapshot doesn't change when the mirror writes on.
        if (image.Snapshot is null && IsNonPrimary(pool, image))
        {
            throw new CephException(
                CephFault.Unsupported,
                $"image {name} is the non-primary side of a mirror: use it where it is primary, or 'rbd mirror image promote {name}'");
        }

        RbdFeatures missing = image.NeededFeatures & ~(kernel ?? (RbdFeatures)ulong.MaxValue);
        if (missing != 0)
        {
            string features = KernelFeatures.Format(missing);
            string help = (missing & ~CanBeDisabled) == 0
                ? $"'rbd feature disable {name} {features.Replace(",", "", StringComparison.Ordinal)}', or device-type=nbd"
                : "device-type=nbd can, or a newer kernel";
            throw new CephException(CephFault.Unsupported, $"this host's kernel can't use image {name} because of {features}: {help}");
        }
    }

    /// <summary>A mirror by snapshots marks the image; one by journal says it in the journal, which librbd knows to read.</summary>
    private static bool IsNonPrimary(CephPool pool, ImageInfo image)
    {
        if ((image.Features & (RbdFeatures.NonPrimary | RbdFeatures.Journaling)) != RbdFeatures.Journaling)
        {
            return (image.Features & RbdFeatures.NonPrimary) != 0;
        }

        using RbdImage open = RbdImage.OpenById(pool, image.Id, image.FullName);
        byte[] info = GC.AllocateArray<byte>(MirrorInfoBytes, pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(info, 0);
        int result = Rbd.MirrorImageGetInfo(open.Handle, address, MirrorInfoBytes);
        if (result < 0)
        {
            throw pool.Failure(result, $"reading the mirroring state of image {image.FullName}");
        }

        Rbd.MirrorImageGetInfoCleanup(address);
        return BitConverter.ToInt32(info, 8) == MirrorEnabled && info[12] == 0;
    }
}
