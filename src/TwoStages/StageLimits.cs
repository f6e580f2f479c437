using System.Globalization;

namespace BlockRbd.TwoStages;

/// <summary>The limits of one run. Each is adjustable from the environment; the manual page has them.</summary>
/// <param name="MaxFileBytes">Bytes of the kernel, and of the ramdisk that all initrds make together.</param>
/// <param name="MaxMemoryBytes">Bytes of memory for what is read from the guest.</param>
/// <param name="MaxSeconds">Seconds from the start to the answer.</param>
public sealed record StageLimits(long MaxFileBytes, long MaxMemoryBytes, int MaxSeconds)
{
    /// <summary>As in pygrub; there it is read from the same variable.</summary>
    public const string FileSizeVariable = "PYGRUB_MAX_FILE_SIZE_MB";

    /// <summary>For <see cref="MaxMemoryBytes"/>.</summary>
    public const string MemoryVariable = "PYGRUB_MAX_MEMORY_MB";

    /// <summary>For <see cref="MaxSeconds"/>.</summary>
    public const string TimeVariable = "PYGRUB_MAX_TIME_S";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> Variables = [FileSizeVariable, MemoryVariable, TimeVariable];

    private const int MaxMebibytes = 1 << 20; // a tebibyte: anything above is a slip
    private const int MaxTime = 24 * 60 * 60;

    /// <summary>The limits that the environment sets, or the defaults.</summary>
    /// <param name="environment">A variable's value by its name, or null.</param>
    /// <exception cref="StageException">A variable holds no number, or a senseless one.</exception>
    public static StageLimits From(Func<string, string?> environment) => new(
        (long)Number(environment, FileSizeVariable, byDefault: 128, MaxMebibytes) << 20,
        (long)Number(environment, MemoryVariable, byDefault: 256, MaxMebibytes) << 20, // upstream pygrub's RLIMIT_AS
        Number(environment, TimeVariable, byDefault: 100, MaxTime));                   // libxl gives up after 120 s (LIBXL_BOOTLOADER_TIMEOUT)

    private static int Number(Func<string, string?> environment, string variable, int byDefault, int max)
    {
        string? text = environment(variable);
        if (string.IsNullOrEmpty(text))
        {
            return byDefault;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 1 && value <= max
            ? value
            : throw new StageException(StageFault.Usage, $"{variable}=\"{text}\": must be a whole number from 1 to {max}");
    }
}
