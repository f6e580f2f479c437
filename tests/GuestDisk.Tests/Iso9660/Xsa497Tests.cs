using Xunit;

namespace BlockRbd.GuestDisk.Tests.Iso9660;

/// <summary>
/// The five faults of Xen's advisory 497 (libfsimage's iso9660, which pygrub uses): lengths of directory records and Rock Ridge entries that were believed.
/// Here each of them is one error, or counts for nothing where the format says so.
/// </summary>
public sealed class Xsa497Tests
{
    private const string Directory = "/boot";
    private const string File = "/boot/vmlinuz";

    [Theory]
    [InlineData(1)]
    [InlineData(33)] // no room for a name
    [InlineData(255)] // goes over the directory's end
    public void CVE_2026_42494_the_length_of_a_directory_record_is_checked(byte length)
    {
        using IsoImage image = new("rock");
        long record = image.Record("/deep/level1");
        image.Source.Patch(image.Record("/deep") + 10, BitConverter.GetBytes((int)(record % 2048) + 150)); // the directory ends near its last record
        image.Source.Patch(record, length);
        Assert.Contains($"has {length} bytes", image.Refuses(ImageFault.Corrupt, "/deep").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CVE_2026_42494_a_directory_record_of_length_0_is_padding_and_the_walk_goes_on()
    {
        using IsoImage image = new("rock");
        image.Source.Patch(image.Record(File), 0);
        Assert.Single(image.Node(Directory).List()); // what stood in front of it; behind it the sector counts for nothing
    }

    [Theory]
    [InlineData(0)]
    [InlineData(220)] // longer than its record
    [InlineData(255)]
    public void CVE_2026_42495_a_name_that_leaves_no_system_use_area_is_refused(byte nameLength)
    {
        using IsoImage image = new("rock");
        image.Source.Patch(image.Record(File) + 32, nameLength);
        Assert.Contains($"a name of {nameLength} bytes", image.Refuses(ImageFault.Corrupt, Directory).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CVE_2026_42495_more_skipped_than_there_is_leaves_an_empty_area()
    {
        using IsoImage image = new("rock");
        long record = image.Record(File);
        long root = 2048L * BitConverter.ToUInt32(image.Source.ReadExactly((16 * 2048) + 158, 4));
        image.Source.Patch(root + 34 + 6, 255); // SP's LEN_SKP, in the root's own record
        Assert.Contains(image.Node("/").List(), entry => entry.Name.Span.SequenceEqual("boot"u8)); // by its plain name
        Assert.Equal(record, image.Record("/boot/vmlinuz"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(200)] // longer than what is left
    [InlineData(255)]
    public void CVE_2026_62423_the_length_of_a_Rock_Ridge_entry_is_checked(byte length)
    {
        using IsoImage image = new("rock");
        image.Source.Patch(image.Entry(File, "PX") + 2, length);
        Assert.Contains($"SUSP entry at byte", image.Refuses(ImageFault.Corrupt, Directory).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CVE_2026_62423_an_entry_that_is_shorter_than_its_fields_is_refused()
    {
        using IsoImage image = new("rock");
        image.Source.Patch(image.Entry(File, "PX") + 2, 12);
        Assert.Contains("SUSP entry PX", image.Refuses(ImageFault.Corrupt, Directory).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CVE_2026_62424_an_NM_entry_without_room_for_its_flags_is_refused()
    {
        using IsoImage image = new("rock");
        image.Source.Patch(image.Entry(File, "NM") + 2, 4);
        Assert.Contains("SUSP entry NM", image.Refuses(ImageFault.Corrupt, Directory).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, ImageFault.Truncated)] // its block lies behind the end
    [InlineData(12, ImageFault.Corrupt)] // its offset out of the sector
    [InlineData(20, ImageFault.Corrupt)] // its length out of the sector
    public void CVE_2026_62425_a_CE_entry_that_leads_out_of_its_sector_or_disk_is_refused(int field, ImageFault fault)
    {
        using IsoImage image = new("rock");
        string name = "/names/" + new string('n', 255);
        image.Source.Patch(image.Entry(name, "CE") + field, 0xFF, 0xFF, 0xFF, 0xFF);
        image.Refuses(fault, "/names");
    }

    [Fact]
    public void CVE_2026_62425_continuation_areas_in_a_circle_are_refused()
    {
        using IsoImage image = new("rock");
        long entry = image.Entry("/names/" + new string('n', 255), "CE");
        byte[] bytes = image.Source.ReadExactly(entry, 28);
        bytes[20] = 28; // the continuation area is this entry alone
        bytes[21] = 0;
        image.Source.Patch(entry, bytes);
        long area = (2048L * BitConverter.ToUInt32(bytes, 4)) + BitConverter.ToUInt32(bytes, 12);
        image.Source.Patch(area, bytes);
        Assert.Contains("circle", image.Refuses(ImageFault.OverLimit, "/names").Message, StringComparison.Ordinal);
    }
}
