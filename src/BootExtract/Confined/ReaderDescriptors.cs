using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.BootExtract.Confined;

/// <summary>What the second process was given open.</summary>
/// <param name="Answer">The pipe that the answer goes to.</param>
/// <param name="Questions">The pipe that the menu's questions come from; null where there is no menu.</param>
/// <param name="Kernel">The kernel's file; null where nothing is copied.</param>
/// <param name="Ramdisk">The ramdisk's.</param>
/// <param name="Disks">The guest's disks.</param>
internal sealed record ReaderDescriptors(
    SafeFileHandle Answer, SafeFileHandle? Questions, SafeFileHandle? Kernel, SafeFileHandle? Ramdisk, IReadOnlyList<SafeFileHandle> Disks)
{
    /// <summary>Reads <see cref="ReaderProcess.Variable"/>'s value.</summary>
    /// <exception cref="ExtractException">It is none of ours.</exception>
    public static ReaderDescriptors Parse(string value)
    {
        List<int> numbers = [];
        foreach (string text in value.Split(','))
        {
            numbers.Add(int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : throw NotOurs());
        }

        return numbers.Count > 4
            ? new ReaderDescriptors(
                Handle(numbers[0]) ?? throw NotOurs(), Handle(numbers[1]), Handle(numbers[2]), Handle(numbers[3]),
                [.. numbers.Skip(4).Select(number => Handle(number) ?? throw NotOurs())])
            : throw NotOurs();
    }

    private static SafeFileHandle? Handle(int number) => number < 0 ? null : new SafeFileHandle(number, ownsHandle: true);

    private static ExtractException NotOurs() =>
        new(ExitCode.Usage, $"{ReaderProcess.Variable} in the environment is for the program's own use: unset it");
}
