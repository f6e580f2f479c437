using System.Diagnostics.CodeAnalysis;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.Volumes.Lvm;

/// <summary>A volume group's text made into sources (LVM2: lib/format_text/import_vsn1.c, and each segment type's own text_import).</summary>
internal sealed class LvmGroup
{
    private const int SectorBytes = 512;

    private readonly LvmSection _text;
    private readonly string _source;
    private readonly IReadOnlyDictionary<string, List<Member>> _members;
    private readonly LvmSection? _volumes;
    private readonly long _extentBytes;
    private readonly Dictionary<string, BlockSource> _built = new(StringComparer.Ordinal);
    private readonly HashSet<string> _snapshots = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _uses = new(StringComparer.Ordinal);

    /// <param name="text">The group's section.</param>
    /// <param name="source">Where it was read, for messages.</param>
    /// <param name="members">What has a label, by the label's UUID.</param>
    public LvmGroup(LvmSection text, string source, IReadOnlyDictionary<string, List<Member>> members)
    {
        (_text, _source, _members) = (text, source, members);
        _extentBytes = text.Number("extent_size", 1, LvmLimits.MaxExtentSectors) * SectorBytes;
        _volumes = text.Section("logical_volumes");
        if (_volumes?.Sections.Count > LvmLimits.MaxVolumes)
        {
            text.Unsupported($"{_volumes.Sections.Count} logical volumes, more than {LvmLimits.MaxVolumes}");
        }

        NoteSnapshots();
    }

    /// <summary>The logical volumes that people see, each with what is wrong with it. A snapshot is stored as hidden, and seen all the same.</summary>
    public List<AssembledVolume> Volumes() =>
        [.. (_volumes?.Sections ?? []).Where(volume => volume.Has("status", "VISIBLE") || _snapshots.Contains(volume.Name)).Select(Describe)];

    private AssembledVolume Describe(LvmSection volume)
    {
        string name = $"lvm/{LvmVolumes.Escape(_text.Name)}-{LvmVolumes.Escape(volume.Name)}";
        string about = $"LVM2 logical volume {_text.Name}/{volume.Name}";
        string[] others = [];
        _uses.Clear();
        try
        {
            others = [$"lvmid/{_text.Text("id")}/{volume.Text("id")}"];
            if (_snapshots.Contains(volume.Name))
            {
                volume.Unsupported("is a snapshot, or has one being merged into it: not read");
            }

            BlockSource source = Build(volume.Name, depth: 0);
            about += $", {volume.Required("segment1").Text("type")}{(_uses.Count > 0 ? $" on {string.Join(", ", _uses)}" : "")}";
            return new AssembledVolume(name, others, about, source, null);
        }
        catch (ImageFormatException e)
        {
            return new AssembledVolume(name, others, about, null, e);
        }
    }

    /// <summary>A hidden segment of type "snapshot" ties a volume's copy-on-write store to its origin; while one is merged back, the origin is both.</summary>
    private void NoteSnapshots()
    {
        foreach (LvmSection segment in (_volumes?.Sections ?? []).SelectMany(volume => volume.Sections))
        {
            if (segment.Has("cow_store"))
            {
                _snapshots.Add(segment.Text("cow_store"));
            }
            else if (segment.Has("merging_store"))
            {
                _snapshots.Add(segment.Text("merging_store"));
                _snapshots.Add(segment.Text("origin"));
            }
        }
    }

    private BlockSource Build(string name, int depth)
    {
        if (_built.TryGetValue(name, out BlockSource? built))
        {
            return built;
        }

        LvmSection volume = _volumes!.Required(name);
        if (depth > LvmLimits.MaxNesting)
        {
            volume.Corrupt($"more than {LvmLimits.MaxNesting} logical volumes on each other");
        }

        List<BlockSource> parts = [];
        long next = 0;
        long count = volume.Number("segment_count", 1, LvmLimits.MaxSegments);
        for (int i = 1; i <= count; i++)
        {
            LvmSection segment = volume.Required($"segment{i}");
            if (segment.Number("start_extent", 0, LvmLimits.MaxExtents) != next)
            {
                segment.Corrupt($"of {name} begins with extent {segment.Number("start_extent", 0, LvmLimits.MaxExtents)}, not {next}");
            }

            BlockSource part = Segment(volume, segment, depth);
            next += part.Length / _extentBytes;
            if (next > LvmLimits.MaxExtents || next > LvmLimits.MaxBytes / _extentBytes)
            {
                segment.Corrupt($"of {name}: {next} extents");
            }

            parts.Add(part);
        }

        BlockSource source = parts.Count == 1 ? parts[0] : new ConcatSource($"{_text.Name}/{name}", parts);
        _built.Add(name, source);
        return source;
    }

    private BlockSource Segment(LvmSection volume, LvmSection segment, int depth)
    {
        long extents = segment.Number("extent_count", 1, LvmLimits.MaxExtents);
        if (extents > LvmLimits.MaxBytes / _extentBytes)
        {
            segment.Corrupt($"of {volume.Name}: {extents} extents");
        }

        string type = segment.Text("type").Split('+')[0]; // "+" and compatibility marks behind a name (LVM2: parse_segtype_name)
        string name = $"{_text.Name}/{volume.Name}";
        return type switch
        {
            "striped" or "linear" => Striped(name, segment, Pairs(segment, "stripes"), extents, depth),
            "raid0" or "raid0_meta" => Striped(name, segment, Images(segment, type == "raid0" ? 1 : 2), extents, depth),
            "mirror" => Mirrored(name, segment, Pairs(segment, "mirrors"), extents, depth),
            "raid1" => Mirrored(name, segment, Images(segment, 2), extents, depth),
            "raid10" or "raid10_near" => Raid10(name, segment, extents, depth),
            _ => Refuse(volume, type),
        };
    }

    [DoesNotReturn]
    private static BlockSource Refuse(LvmSection volume, string type)
    {
        volume.Unsupported($"is of LVM2's type {GuestText(type)}, which is not read");
        return null;
    }

    private static string GuestText(string text) => FileSystems.GuestPath.Display(System.Text.Encoding.Latin1.GetBytes(text));

    /// <summary>stripes and mirrors: a name and the extent where its part begins, in turns.</summary>
    private static List<(string Name, long Extent)> Pairs(LvmSection segment, string key)
    {
        IReadOnlyList<object> list = segment.List(key);
        List<(string Name, long Extent)> areas = [];
        for (int i = 0; i + 1 < list.Count; i += 2)
        {
            if (list[i] is not string name || list[i + 1] is not (long extent and >= 0 and <= LvmLimits.MaxExtents) || areas.Count == LvmLimits.MaxStripes)
            {
                segment.Corrupt($"{key}: {areas.Count + 1} is no name and extent, or one too many");
                return [];
            }

            areas.Add((name, extent));
        }

        if (areas.Count == 0 || list.Count % 2 != 0)
        {
            segment.Corrupt($"{key}: {list.Count} values");
        }

        return areas;
    }

    /// <summary>raids: the name of each image, with its metadata's before it (<paramref name="step"/> 2) or alone (1: raid0_lvs).</summary>
    private static List<(string Name, long Extent)> Images(LvmSection segment, int step)
    {
        IReadOnlyList<object> list = segment.List(step == 1 ? "raid0_lvs" : "raids");
        List<(string Name, long Extent)> areas = [];
        for (int i = step - 1; i < list.Count; i += step)
        {
            areas.Add(list[i] is string name ? (name, 0) : throw Bad(segment));
        }

        return areas.Count is > 0 and <= LvmLimits.MaxStripes && list.Count % step == 0 ? areas : throw Bad(segment);
    }

    private static ImageFormatException Bad(LvmSection segment) => new(ImageFault.Corrupt, "LVM2 metadata", segment.Name, -1, "its list of images");

    private BlockSource Striped(string name, LvmSection segment, List<(string Name, long Extent)> areas, long extents, int depth)
    {
        if (extents % areas.Count != 0)
        {
            segment.Corrupt($"{extents} extents on {areas.Count} stripes");
        }

        BlockSource[] members = [.. areas.Select(area => Area(area, extents / areas.Count, depth))];
        return members.Length == 1 ? members[0] : new StripedSource(name, members, ChunkBytes(segment, extents / areas.Count), extents * _extentBytes);
    }

    private BlockSource Mirrored(string name, LvmSection segment, List<(string Name, long Extent)> areas, long extents, int depth)
    {
        BlockSource?[] members = Present(areas, extents, depth, out ImageFormatException? missing);
        BlockSource[] there = [.. members.OfType<BlockSource>()];
        return there.Length switch
        {
            0 => throw missing ?? Bad(segment),
            1 => there[0],
            _ => new MirroredSource(name, there, extents * _extentBytes),
        };
    }

    private CopiesSource Raid10(string name, LvmSection segment, long extents, int depth)
    {
        List<(string Name, long Extent)> areas = Images(segment, 2);
        int copies = segment.Has("data_copies") ? (int)segment.Number("data_copies", 1, areas.Count) : 2;
        if (extents * copies % areas.Count != 0)
        {
            segment.Corrupt($"{extents} extents, {copies} times, on {areas.Count} images");
        }

        CopyLayout layout = new(copies, 1, 0);
        long each = extents * copies / areas.Count;
        BlockSource?[] members = Present(areas, each, depth, out ImageFormatException? missing);
        return CopiesSource.IsWhole(members, layout)
            ? new CopiesSource(name, members, ChunkBytes(segment, each), layout, extents * _extentBytes)
            : throw missing ?? Bad(segment);
    }

    private int ChunkBytes(LvmSection segment, long memberExtents)
    {
        long bytes = segment.Number("stripe_size", 1, LvmLimits.MaxStripeSectors) * SectorBytes;
        if (memberExtents * _extentBytes % bytes != 0)
        {
            segment.Corrupt($"stripes of {bytes} bytes on {memberExtents} extents");
        }

        return (int)bytes;
    }

    /// <summary>The members that are there; null for one that lies on a missing physical volume.</summary>
    private BlockSource?[] Present(List<(string Name, long Extent)> areas, long extents, int depth, out ImageFormatException? missing)
    {
        BlockSource?[] members = new BlockSource?[areas.Count];
        missing = null;
        for (int i = 0; i < members.Length; i++)
        {
            try
            {
                members[i] = Area(areas[i], extents, depth);
            }
            catch (ImageFormatException e) when (e.Fault == ImageFault.Incomplete)
            {
                missing = e;
            }
        }

        return members;
    }

    /// <summary>A range of a physical volume, or of another logical one.</summary>
    private SliceSource Area((string Name, long Extent) area, long extents, int depth)
    {
        long length = extents * _extentBytes;
        long start = area.Extent * _extentBytes;
        if (_text.Required("physical_volumes").Section(area.Name) is not { } physical)
        {
            return new SliceSource(Build(area.Name, depth + 1), start, length, $"{_text.Name}/{area.Name}");
        }

        string uuid = physical.Text("id").Replace("-", "", StringComparison.Ordinal);
        List<Member> members = _members.GetValueOrDefault(uuid) ?? [];
        if (members.Count != 1 || physical.Has("flags", "MISSING"))
        {
            string problem = members.Count > 1
                ? $"is there more than once: {string.Join(", ", members.Select(member => $"({member.Name})"))}"
                : physical.Has("flags", "MISSING") ? "was missing when the group was last changed" : "is on none of the disks";
            throw new ImageFormatException(
                ImageFault.Incomplete, $"LVM2 volume group {_text.Name}", _source, -1, $"physical volume {area.Name} ({physical.Text("id")}) {problem}");
        }

        _uses.Add($"({members[0].Name})");
        start += physical.Number("pe_start", 0, long.MaxValue / 1024) * SectorBytes;
        return new SliceSource(members[0].Source, start, length, $"{_text.Name} on {members[0].Source.Name}");
    }
}
