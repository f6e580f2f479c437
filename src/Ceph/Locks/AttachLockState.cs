using System.Globalization;
using System.Net;

namespace BlockRbd.Ceph.Locks;

/// <summary>An attach lock at one moment.</summary>
public sealed record AttachLockState
{
    // cls/lock/cls_lock_types.h enum ClsLockType.
    internal const byte LOCK_SHARED = 2;

    // cls/lock/cls_lock.cc LOCK_PREFIX: the extended attribute that holds a lock of that name.
    internal const string AttributePrefix = "lock.";

    private const int AddressFamilyIPv4 = 2;
    private const int AddressFamilyIPv6 = 10;

    /// <summary>The lock's name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether holders share it; nothing here ever takes it otherwise.</summary>
    public required bool IsShared { get; init; }

    /// <summary>What holders agree on; of no meaning where there are none.</summary>
    public required string Tag { get; init; }

    /// <summary>The holders.</summary>
    public required IReadOnlyList<AttachLocker> Lockers { get; init; }

    /// <summary>The attribute's very bytes: who writes them back compared knows that nothing has changed. Empty: never locked.</summary>
    internal byte[] Raw { get; init; } = [];

    /// <summary>The name of the extended attribute.</summary>
    internal string Attribute => AttributePrefix + Name;

    /// <summary>A lock that nobody holds or has ever held.</summary>
    internal static AttachLockState Free(string name) => new() { Name = name, IsShared = true, Tag = "", Lockers = [] };

    /// <param name="image">For messages.</param>
    /// <param name="name">The lock's name.</param>
    /// <param name="attributes">All of the object's extended attributes.</param>
    internal static AttachLockState Decode(string image, string name, IEnumerable<KeyValuePair<string, byte[]>> attributes)
    {
        foreach ((string attribute, byte[] value) in attributes)
        {
            if (attribute == AttributePrefix + name)
            {
                return Decode(image, name, value);
            }
        }

        return Free(name);
    }

    /// <summary>cls/lock/cls_lock_types.h lock_info_t.</summary>
    internal static AttachLockState Decode(string image, string name, byte[] raw)
    {
        CephDecoder outer = new($"lock {name} of image {image}", raw);
        CephDecoder info = outer.Struct(1, out _);
        int count = info.Count(minimumBytes: 32);
        List<AttachLocker> lockers = new(count);
        for (int i = 0; i < count; i++)
        {
            lockers.Add(DecodeLocker(ref info));
        }

        byte type = info.U8();
        return new AttachLockState { Name = name, IsShared = type == LOCK_SHARED, Tag = info.Text(), Lockers = lockers, Raw = raw };
    }

    private static AttachLocker DecodeLocker(ref CephDecoder info)
    {
        CephDecoder id = info.Struct(1, out _); // locker_id_t
        _ = id.U8(); // entity_name_t: type, number
        long client = id.I64();
        string cookie = id.Text();
        CephDecoder locker = info.Struct(1, out _); // locker_info_t
        _ = locker.U64(); // expiration: these locks have none
        string address = DecodeAddress(ref locker);
        return new AttachLocker(client, cookie, address, locker.Text());
    }

    /// <summary>msg/msg_types.h entity_addr_t, in its older form (marker 0) and the newer one (marker 1).</summary>
    private static string DecodeAddress(ref CephDecoder decoder)
    {
        if (decoder.U8() == 0)
        {
            decoder.Take(3);
            uint oldNonce = decoder.U32();
            ReadOnlySpan<byte> storage = decoder.Take(128); // sockaddr_storage, whose family is in network order here
            return Show(storage[1] | storage[0] << 8, storage[2..], oldNonce);
        }

        CephDecoder address = decoder.Struct(1, out _);
        _ = address.U32(); // type: protocol 1, 2 or any
        uint nonce = address.U32();
        uint length = address.U32();
        return length < 2 ? Show(0, [], nonce) : Show(address.U16(), address.Take((int)Math.Min(length, 1024) - 2), nonce);
    }

    /// <param name="family">AF_INET or AF_INET6.</param>
    /// <param name="rest">Of the sockaddr, behind the family: port in network order, then what the family has.</param>
    /// <param name="nonce">Ceph's number for the process.</param>
    private static string Show(int family, ReadOnlySpan<byte> rest, uint nonce)
    {
        (int start, int length) = family switch { AddressFamilyIPv4 => (2, 4), AddressFamilyIPv6 => (6, 16), _ => (0, 0) };
        if (length == 0 || rest.Length < start + length)
        {
            return string.Create(CultureInfo.InvariantCulture, $"-/{nonce}");
        }

        IPEndPoint point = new(new IPAddress(rest.Slice(start, length)), rest[0] << 8 | rest[1]);
        return string.Create(CultureInfo.InvariantCulture, $"{point}/{nonce}");
    }
}
