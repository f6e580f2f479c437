namespace BlockRbd.MenuLstGen.Guest;

/// <summary>A regular file of the guest, open.</summary>
internal interface IGuestFile : IDisposable
{
    /// <summary>Its name for messages: "(hd0,gpt2)/vmlinuz", escaped.</summary>
    string Name { get; }

    /// <summary>Bytes.</summary>
    long Size { get; }

    /// <summary>Fills a buffer from byte <paramref name="offset"/>.</summary>
    /// <returns>Bytes read: fewer than the buffer's only at the end.</returns>
    int Read(long offset, Span<byte> buffer);
}
