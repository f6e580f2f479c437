namespace BlockRbd.BootConfig.SystemdBoot;

/// <summary>Titles that tell entries apart (src/boot/boot.c, generate_boot_entry_titles).</summary>
internal static class EntryTitles
{
    /// <summary>Letters of a machine-id that are shown.</summary>
    private const int MachineIdLetters = 8;

    /// <summary>Sets every entry's title: its own, or its id; where several have the same, version, machine-id and id are added in turn.</summary>
    public static void Set(IReadOnlyList<SystemdEntry> entries)
    {
        foreach (SystemdEntry entry in entries)
        {
            entry.ShownTitle = entry.OwnTitle ?? entry.Id;
        }

        foreach (Func<SystemdEntry, string?> more in (Func<SystemdEntry, string?>[])
            [entry => entry.Version, entry => entry.MachineId is { Length: > MachineIdLetters } id ? id[..MachineIdLetters] : entry.MachineId, entry => entry.Id])
        {
            foreach (SystemdEntry entry in entries.GroupBy(entry => entry.ShownTitle).Where(group => group.Count() > 1).SelectMany(group => group).ToArray())
            {
                entry.ShownTitle += more(entry) is { } text ? $" ({text})" : string.Empty;
            }
        }
    }
}
