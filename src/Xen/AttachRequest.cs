using System.Globalization;
using System.Text;

namespace BlockRbd.Xen;

/// <summary>What libxl wrote into a disk's backend folder before it ran the script.</summary>
public sealed record AttachRequest
{
    private const int MaxShown = 256;

    /// <summary>The folder.</summary>
    public required XenbusPath Path { get; init; }

    /// <summary>`params`: everything after target= of the disk's line, as it was written there.</summary>
    public required string Target { get; init; }

    /// <summary>`mode` is w; r otherwise.</summary>
    public required bool IsWritable { get; init; }

    /// <summary>`dev`: the guest's name of the disk, xvda; of a bootloader's attach it is the toolstack domain's.</summary>
    public required string VirtualDevice { get; init; }

    /// <summary>Whose disk it is.</summary>
    public required Machine Machine { get; init; }

    /// <summary>Reads a disk's request.</summary>
    /// <exception cref="XenStoreException">The folder or one of its nodes isn't there, or xenstore doesn't answer.</exception>
    /// <exception cref="AttachRequestException">A node says something that can't be.</exception>
    public static AttachRequest Read(XenStore store, XenbusPath path)
    {
        uint? own = OwnDomain(store);
        CheckBackend(path, own);
        string mode = store.Read(path.Node("mode"));
        if (mode is not ("w" or "r" or "w!" or "r!"))
        {
            throw new AttachRequestException($"{path}: mode is '{Clean(mode)}', not w or r");
        }

        uint frontendId = Number(store, path.Node("frontend-id"));
        if (frontendId != path.FrontendId)
        {
            throw new AttachRequestException($"{path}: frontend-id is {frontendId}");
        }

        return new AttachRequest
        {
            Path = path,
            Target = store.Read(path.Node("params")),
            IsWritable = mode[0] == 'w',
            VirtualDevice = store.TryRead(path.Node("dev")) ?? path.DeviceId.ToString(CultureInfo.InvariantCulture),
            Machine = ReadMachine(store, frontendId, own),
        };
    }

    /// <summary>A domain's name and uuid, as far as this domain may know them.</summary>
    public static Machine ReadMachine(XenStore store, uint domainId, uint? own)
    {
        string home = string.Create(CultureInfo.InvariantCulture, $"/local/domain/{domainId}");
        string? vm = Permitted(store, home + "/vm"); // "/vm/UUID"
        string? uuid = Guid.TryParseExact(vm?[(vm.LastIndexOf('/') + 1)..], "D", out Guid guid) && guid != Guid.Empty ? guid.ToString("D") : null;
        string? name = Permitted(store, home + "/name");
        if (name is null && uuid is not null)
        {
            name = Permitted(store, vm + "/name");
        }

        // libxl attaches a bootloader's disk to LIBXL_TOOLSTACK_DOMID, which is domain 0, whichever domain serves it.
        return new Machine(domainId, Clean(name), uuid, IsSelf: domainId == (own ?? 0) || domainId == 0);
    }

    /// <summary>The number of the domain this runs in: nothing says that it is 0. Null where xenstore doesn't tell.</summary>
    public static uint? OwnDomain(XenStore store) =>
        Permitted(store, "domid") is { } text && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) ? id : null;

    // A path of another domain's backend is not ours to serve: its devices would be mapped here.
    private static void CheckBackend(XenbusPath path, uint? own)
    {
        if (path.BackendId is { } backend && own is { } self && backend != self)
        {
            throw new AttachRequestException(string.Create(CultureInfo.InvariantCulture, $"{path} is domain {backend}'s; this is domain {self}"));
        }
    }

    // A driver domain may not read what belongs to the guests it serves.
    private static string? Permitted(XenStore store, string path)
    {
        try
        {
            return store.TryRead(path);
        }
        catch (XenStoreException e) when (e.IsDenied)
        {
            return null;
        }
    }

    private static uint Number(XenStore store, string node)
    {
        string text = store.Read(node);
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
            ? number
            : throw new AttachRequestException($"{node} is not a number");
    }

    // A name goes into logs, lock descriptions and terminals. Runes: half of one can't be written as UTF-8.
    private static string? Clean(string? name) =>
        string.IsNullOrEmpty(name) ? null : string.Concat(name.EnumerateRunes().Take(MaxShown).Select(static r => Rune.IsControl(r) ? "?" : r.ToString()));
}
