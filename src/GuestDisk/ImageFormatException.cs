using System.Globalization;

namespace BlockRbd.GuestDisk;

/// <summary>
/// The one exception that the readers throw about a guest's bytes. It names the structure, the byte where it stands and
/// the kind of trouble; its message is one sentence for a person.
/// </summary>
/// <remarks>An input/output error of the device itself is a <see cref="SourceReadException"/>, never this.</remarks>
public sealed class ImageFormatException : IOException
{
    /// <param name="fault">The kind of trouble.</param>
    /// <param name="structure">What was being read, in its format's own words: "ext4 superblock".</param>
    /// <param name="source">The <see cref="Sources.BlockSource.Name"/> that <paramref name="offset"/> counts in.</param>
    /// <param name="offset">Byte offset in that source; negative where no single byte is at fault.</param>
    /// <param name="problem">What is wrong with it.</param>
    public ImageFormatException(ImageFault fault, string structure, string source, long offset, string problem)
        : base(Sentence(structure, source, offset, problem))
    {
        Fault = fault;
        Structure = structure;
        SourceName = source;
        Offset = offset;
        Problem = problem;
    }

    /// <summary>The kind of trouble.</summary>
    public ImageFault Fault { get; }

    /// <summary>What was being read: "ext4 superblock".</summary>
    public string Structure { get; }

    /// <summary>Name of the source that <see cref="Offset"/> counts in.</summary>
    public string SourceName { get; }

    /// <summary>Byte offset in that source, or negative.</summary>
    public long Offset { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string Problem { get; }

    private static string Sentence(string structure, string source, long offset, string problem) =>
        offset < 0
            ? $"{structure} on {source}: {problem}"
            : string.Create(CultureInfo.InvariantCulture, $"{structure} at byte {offset} (0x{offset:x}) of {source}: {problem}");
}
