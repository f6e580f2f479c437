namespace BlockRbd.Ceph;

/// <summary>Kinds of trouble with a cluster, as far as a caller acts on them.</summary>
public enum CephFault
{
    /// <summary>librados or librbd isn't there.</summary>
    LibraryMissing,

    /// <summary>The configuration can't be used: no ceph.conf, no monitors in it, a setting that Ceph refuses.</summary>
    Configuration,

    /// <summary>No keyring with a key for the user, or the monitors refuse the key.</summary>
    Authentication,

    /// <summary>The cluster didn't answer by the deadline.</summary>
    Timeout,

    /// <summary>The user's capabilities don't allow it.</summary>
    NotPermitted,

    /// <summary>Pool, namespace, image or snapshot doesn't exist.</summary>
    NotFound,

    /// <summary>Somebody else has it, or it isn't what was expected.</summary>
    Conflict,

    /// <summary>The image can't be used here: format 1, features, not primary.</summary>
    Unsupported,

    /// <summary>This client has been fenced.</summary>
    Blocklisted,

    /// <summary>What the cluster or the kernel said makes no sense.</summary>
    Malformed,

    /// <summary>A mapping could not be made, or not be taken away.</summary>
    Mapping,

    /// <summary>Any other error.</summary>
    Other,
}
