using BlockRbd.BootConfig;
using BlockRbd.GuestDisk.FileSystems;

namespace BlockRbd.BootExtract.Reading;

/// <summary>A part of a guest's file as a file: a section of a unified kernel image.</summary>
/// <param name="file">The whole file.</param>
/// <param name="slice">The part; where the file ends inside it, so does the part.</param>
internal sealed class SlicedFile(FileNode file, FileSlice slice) : FileNode
{
    public override ulong Number => file.Number;

    public override FileKind Kind => file.Kind;

    public override int Mode => file.Mode;

    public override uint Uid => file.Uid;

    public override uint Gid => file.Gid;

    public override long Size => Math.Clamp(file.Size - slice.Offset, 0, slice.Length);

    public override int Read(long offset, Span<byte> buffer)
    {
        long left = Math.Max(Size - offset, 0);
        return file.Read(slice.Offset + offset, buffer[..(int)Math.Min(left, buffer.Length)]);
    }

    public override byte[] ReadLink() => file.ReadLink();

    public override IEnumerable<DirectoryEntry> List() => file.List();

    public override FileNode? Find(ReadOnlySpan<byte> name) => file.Find(name);
}
