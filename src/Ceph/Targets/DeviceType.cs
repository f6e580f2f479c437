namespace BlockRbd.Ceph.Targets;

/// <summary>Who makes a block device of an image.</summary>
public enum DeviceType
{
    /// <summary>The kernel's rbd module.</summary>
    Krbd,

    /// <summary>rbd-nbd: a process behind the kernel's nbd module; knows every image feature.</summary>
    Nbd,
}
