using BlockRbd.BootConfig;
using BlockRbd.BootExtract.CommandLine;
using BlockRbd.BootExtract.Output;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.TwoStages;

namespace BlockRbd.BootExtract.Reading;

/// <summary>--isconfig: what a configuration alone would boot, without the disk that it is for.</summary>
internal static class ConfigReport
{
    /// <summary>Prints the list where -l asks for it, and the chosen entry's files as pygrub does.</summary>
    /// <exception cref="ExtractException">It boots no Linux.</exception>
    public static void Print(ExtractRequest request, BlockSource config)
    {
        ConfigOnlyHost host = ConfigOnlyHost.Read(config);
        BootSearch search = BootFinder.Find(host);
        BootMenu menu = search.Menu ?? throw new ExtractException(
            ExitCode.NotFound, $"{config.Name}: no boot configuration: {GuestText.Display(string.Join("; ", search.Looked.Select(looked => looked.Outcome).Distinct()))}");
        if (request.ListEntries)
        {
            MenuReport.Print(request, menu);
        }

        if (request.Explain)
        {
            Descriptor.Print(Explanation.OfMenu(menu));
        }

        BootEntry entry = (request.Entry is { } name ? EntryChoice.Named(menu, name, ExtractProgram.Note) : menu.Default)
            ?? throw new ExtractException(ExitCode.NotFound, $"{config.Name}: the menu has no entry");
        EntryDescription described = EntryDescription.Of(entry);
        if (described.Kernel is null)
        {
            throw new ExtractException(
                ExitCode.Unsupported, $"{config.Name}: entry {entry.Index} \"{GuestText.Display(entry.Title)}\" boots no Linux but {GuestText.Display(described.What!)}");
        }

        if (request.Json)
        {
            if (!request.ListEntries)
            {
                Descriptor.Print(JsonAnswers.One(described));
            }

            return;
        }

        string arguments = request.Arguments.Length > 0 ? $"{described.Arguments} {request.Arguments}" : described.Arguments!;
        string initrd = described.Initrds.Count > 0 ? $"  initrd: {EntryList.Line(string.Join(' ', described.Initrds))}\n" : "";
        Descriptor.Print($"  kernel: {EntryList.Line(described.Kernel)}\n{initrd}  args: {EntryList.Line(arguments)}\n");
    }
}
