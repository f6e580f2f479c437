namespace BlockRbd.BootConfig.Grub2;

/// <summary>GRUB's error numbers (include/grub/err.h), which scripts see in <c>$?</c>. Only those that are used here.</summary>
internal enum GrubError
{
    None = 0,
    TestFailure = 1,
    BadModule = 2,
    BadFileType = 4,
    FileNotFound = 5,
    FileReadError = 6,
    BadFilename = 7,
    UnknownFilesystem = 8,
    BadNumber = 10,
    OutOfRange = 11,
    UnknownDevice = 12,
    BadDevice = 13,
    UnknownCommand = 16,
    InvalidCommand = 17,
    BadArgument = 18,
    NoKernel = 22,
    NotImplementedYet = 24,
    Menu = 27,
    AccessDenied = 30,
    Extractor = 31,
    RecursionDepth = 48,
}
