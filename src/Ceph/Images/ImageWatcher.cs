namespace BlockRbd.Ceph.Images;

/// <summary>A client that has an image open for writing: krbd, librbd.</summary>
/// <param name="Address">"10.0.0.1:0/123": what a blocklist takes.</param>
/// <param name="Client">Number N of its name client.N.</param>
public sealed record ImageWatcher(string Address, long Client)
{
    /// <summary>The address without port and nonce.</summary>
    public string Host => HostOf(Address);

    /// <summary>The host of "v1:10.0.0.1:0/123", "10.0.0.1:0/123" or "[::1]:0/123".</summary>
    public static string HostOf(string address)
    {
        string text = address is ['v', '1' or '2', ':', ..] ? address[3..] : address;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        text = slash < 0 ? text : text[..slash];
        int colon = text.LastIndexOf(':');
        return colon < 0 ? text : text[..colon];
    }
}
