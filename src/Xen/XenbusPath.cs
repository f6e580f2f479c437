using System.Globalization;

namespace BlockRbd.Xen;

/// <summary>
/// XENBUS_PATH: the backend's folder of one disk, "backend/TYPE/FRONTEND/DEVICE" below the home of the domain that runs the script.
/// libxl gives it relative ("backend/vbd/3/51712"), other callers absolute; both are the same disk.
/// </summary>
public sealed record XenbusPath
{
    private XenbusPath(string type, uint frontendId, uint deviceId, uint? backendId)
    {
        Type = type;
        FrontendId = frontendId;
        DeviceId = deviceId;
        BackendId = backendId;
    }

    /// <summary>vbd.</summary>
    public string Type { get; }

    /// <summary>The domain that gets the disk.</summary>
    public uint FrontendId { get; }

    /// <summary>The virtual device's number: 51712 is xvda.</summary>
    public uint DeviceId { get; }

    /// <summary>The domain that an absolute path names as the backend; null for a relative path, which is always our own.</summary>
    public uint? BackendId { get; }

    /// <summary>The relative form, which is what a disk is known by on this host: two spellings of one disk are equal in it.</summary>
    public string Relative => string.Create(CultureInfo.InvariantCulture, $"backend/{Type}/{FrontendId}/{DeviceId}");

    /// <summary>A node of the disk's folder.</summary>
    public string Node(string name) => $"{this}/{name}";

    /// <summary>As it was given.</summary>
    public override string ToString() =>
        BackendId is { } backend ? string.Create(CultureInfo.InvariantCulture, $"/local/domain/{backend}/{Relative}") : Relative;

    /// <summary>Parses XENBUS_PATH.</summary>
    /// <exception cref="AttachRequestException">It is not of that form.</exception>
    public static XenbusPath Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw new AttachRequestException("XENBUS_PATH is not set: libxl runs this as a block script (script=block-rbd)");
        }

        return TryParse(text) ?? throw Odd(text);
    }

    /// <summary>As <see cref="Parse"/>; null where it is not of that form.</summary>
    public static XenbusPath? TryParse(string text)
    {
        ReadOnlySpan<char> rest = text;
        uint? backendId = null;
        const string home = "/local/domain/";
        if (rest.StartsWith(home, StringComparison.Ordinal))
        {
            rest = rest[home.Length..];
            int slash = rest.IndexOf('/');
            if (slash < 0 || !Number(rest[..slash], out uint id))
            {
                return null;
            }

            backendId = id;
            rest = rest[(slash + 1)..];
        }

        Span<Range> parts = stackalloc Range[5];
        if (rest.Length > 100 || rest.Split(parts, '/') != 4 || rest[parts[0]] is not "backend")
        {
            return null;
        }

        ReadOnlySpan<char> type = rest[parts[1]];
        bool named = type.Length is > 0 and <= 16 && !type.ContainsAnyExceptInRange('a', 'z');
        return named && Number(rest[parts[2]], out uint frontend) && Number(rest[parts[3]], out uint device)
            ? new XenbusPath(type.ToString(), frontend, device, backendId)
            : null;
    }

    // Plain decimal as libxl writes it: "007" would be a second name for 7.
    private static bool Number(ReadOnlySpan<char> text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && (text.Length == 1 || text[0] != '0');

    private static AttachRequestException Odd(string text)
    {
        string shown = string.Concat(text.Take(120).Select(static c => char.IsControl(c) ? '?' : c));
        return new AttachRequestException($"XENBUS_PATH '{shown}' is not backend/vbd/DOMAIN/DEVICE");
    }
}
