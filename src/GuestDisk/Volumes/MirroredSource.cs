using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.Volumes;

/// <summary>The same bytes on every member: read from the first whose device can.</summary>
internal sealed class MirroredSource(string name, IReadOnlyList<BlockSource> members, long length) : BlockSource
{
    public override string Name => name;

    public override long Length => length;

    public override int SectorSize => members.Max(member => member.SectorSize);

    protected override void ReadCore(long offset, Span<byte> buffer)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                members[i].ReadExactly(offset, buffer);
                return;
            }
            catch (SourceReadException) when (i + 1 < members.Count)
            {
            }
        }
    }
}
