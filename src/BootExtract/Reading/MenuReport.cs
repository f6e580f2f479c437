using BlockRbd.BootConfig;
using BlockRbd.BootExtract.CommandLine;
using BlockRbd.BootExtract.Output;

namespace BlockRbd.BootExtract.Reading;

/// <summary>Prints a menu as -l asks for it.</summary>
internal static class MenuReport
{
    /// <summary>Prints it on standard output.</summary>
    public static void Print(ExtractRequest request, BootMenu menu)
    {
        List<EntryDescription> rows = [.. EntryChoice.Rows(menu, ExtractProgram.Note).Select(EntryDescription.Of)];
        Descriptor.Print(request.Json
            ? JsonAnswers.List(menu.Default?.Index, rows)
            : EntryList.Text(rows, legacy: menu.Format == "GRUB legacy"));
    }
}
