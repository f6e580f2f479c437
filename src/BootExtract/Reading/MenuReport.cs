using BlockRbd.BootConfig;
using BlockRbd.BootExtract.CommandLine;
using BlockRbd.BootExtract.Kernels;
using BlockRbd.BootExtract.Output;
using BlockRbd.TwoStages;

namespace BlockRbd.BootExtract.Reading;

/// <summary>Prints a menu as -l asks for it.</summary>
internal static class MenuReport
{
    /// <summary>Prints it on standard output.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="menu">The menu.</param>
    /// <param name="kernels">Looks at kernels, for JSON; null where there is no disk to read them from.</param>
    public static void Print(ExtractRequest request, BootMenu menu, KernelLook? kernels = null)
    {
        List<EntryDescription> rows = [.. EntryChoice.Rows(menu, ExtractProgram.Note).Select(entry => EntryDescription.Of(entry, request.Json ? kernels : null))];
        Descriptor.Print(request.Json
            ? JsonAnswers.List(menu.Default?.Index, rows)
            : EntryList.Text(rows, legacy: menu.Format == "GRUB legacy"));
    }
}
