namespace BlockRbd.BootExtract.Kernels;

/// <summary>When a bzImage's payload is handed over instead of the bzImage.</summary>
internal enum UnpackMode
{
    /// <summary>When it is known that the host's libxenguest can't unpack it.</summary>
    Auto,

    /// <summary>Always; a file that isn't packed stays as it is.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}
