using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.Volumes.Lvm;

/// <summary>All volume groups that lie on a guest's disks.</summary>
internal static class LvmVolumes
{
    /// <summary>The visible logical volumes of every group, in the order of the groups' texts. What is wrong with one stays with it.</summary>
    public static List<AssembledVolume> Assemble(IReadOnlyList<Member> members)
    {
        Dictionary<string, List<Member>> volumes = new(StringComparer.Ordinal); // by the physical volume's UUID
        Dictionary<string, (long Sequence, LvmSection Text, Member From)> groups = new(StringComparer.Ordinal); // by the group's id
        List<AssembledVolume> found = [];
        foreach (Member member in members)
        {
            try
            {
                if (LvmLabel.TryRead(member.Source) is not { } label)
                {
                    continue;
                }

                volumes.TryAdd(label.Uuid, []);
                volumes[label.Uuid].Add(member);
                ReadGroup(member, label, groups);
            }
            catch (IOException e) when (e is ImageFormatException or SourceReadException)
            {
                // Another physical volume of the group has the same text. What is wrong with this one stands at its own volume (Check).
            }
        }

        foreach ((_, LvmSection text, Member from) in groups.Values)
        {
            found.AddRange(OfGroup(text, from, volumes));
        }

        return found;
    }

    /// <summary>Whether a physical volume's own metadata can be used, or it keeps none.</summary>
    /// <exception cref="ImageFormatException">It can't.</exception>
    public static void Check(BlockSource source)
    {
        if (LvmLabel.TryRead(source) is { } label)
        {
            ReadGroup(new Member(source.Name, source), label, new(StringComparer.Ordinal));
        }
    }

    /// <summary>The newest text of the volume's areas; where one area is damaged, the other.</summary>
    private static void ReadGroup(Member member, LvmLabel label, Dictionary<string, (long Sequence, LvmSection Text, Member From)> groups)
    {
        ImageFormatException? failure = null;
        bool any = false;
        foreach (LvmArea area in label.Areas)
        {
            try
            {
                if (LvmMetadataArea.Read(member.Source, area) is not { } text || LvmTextParser.Parse(text, member.Source.Name).Sections is not [LvmSection group, ..])
                {
                    continue;
                }

                any = true;
                string id = group.Text("id");
                long sequence = group.Number("seqno", 0, uint.MaxValue);
                if (!groups.TryGetValue(id, out (long Sequence, LvmSection Text, Member From) known) || sequence > known.Sequence)
                {
                    groups[id] = (sequence, group, member);
                }
            }
            catch (ImageFormatException e)
            {
                failure = e;
            }
        }

        if (!any && failure is not null)
        {
            throw failure;
        }
    }

    private static List<AssembledVolume> OfGroup(LvmSection text, Member from, Dictionary<string, List<Member>> volumes)
    {
        try
        {
            return new LvmGroup(text, from.Source.Name, volumes).Volumes();
        }
        catch (ImageFormatException e)
        {
            return [new AssembledVolume($"lvm/{Escape(text.Name)}", [], $"LVM2 volume group {text.Name}", null, e)];
        }
    }

    /// <summary>GRUB's and device-mapper's way to join names with a dash: dashes inside are doubled.</summary>
    internal static string Escape(string name) => name.Replace("-", "--", StringComparison.Ordinal);
}
