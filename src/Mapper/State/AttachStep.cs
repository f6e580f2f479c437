namespace BlockRbd.Mapper.State;

/// <summary>What a record says was begun last. It is written before the step is taken, so the step itself may or may not have happened.</summary>
internal enum AttachStep
{
    /// <summary>The image is being made, as a clone.</summary>
    Cloning,

    /// <summary>The attach lock is being taken.</summary>
    Locking,

    /// <summary>The image is being mapped: the device isn't known yet.</summary>
    Mapping,

    /// <summary>The device is known and being handed to libxl.</summary>
    Answering,

    /// <summary>libxl has its answer.</summary>
    Attached,

    /// <summary>The device is being unmapped.</summary>
    Unmapping,

    /// <summary>The device is gone, the attach lock is being released.</summary>
    Unlocking,
}
