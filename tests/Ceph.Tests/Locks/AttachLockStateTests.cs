using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Locks;
using Xunit;

namespace BlockRbd.Ceph.Tests.Locks;

/// <summary>A lock's bytes come from whoever may write to the pool.</summary>
public sealed class AttachLockStateTests
{
    [Fact]
    public void Bytes_that_are_cut_or_changed_anywhere_are_read_or_refused_and_nothing_else()
    {
        byte[] raw = RealLock();
        int refused = 0;
        for (int length = 0; length < raw.Length; length++)
        {
            refused += IsRefused(raw[..length]);
        }

        Assert.Equal(raw.Length, refused);
        Random random = new(11);
        for (int i = 0; i < raw.Length * 8; i++)
        {
            byte[] changed = [.. raw];
            changed[i / 8] ^= (byte)(1 << (i % 8));
            changed[random.Next(raw.Length)] = (byte)random.Next(256);
            IsRefused(changed);
        }
    }

    [Fact]
    public void A_count_that_the_bytes_cannot_hold_is_refused_before_memory_is_taken_for_it()
    {
        byte[] raw = CephEncoder.Struct(1, 1, static info => info.U32(0xFFFFFFF0).U64(0).U64(0)).Bytes.ToArray();

        Assert.Equal(
            "lock xen.attach of image p/i can't be decoded: 4294967280 entries in 16 bytes",
            Assert.Throws<CephException>(() => AttachLockState.Decode("p/i", "xen.attach", raw)).Message);
    }

    [Fact]
    public void An_encoding_that_only_newer_programs_read_is_refused()
    {
        byte[] raw = CephEncoder.Struct(9, 9, static info => info.U32(0)).Bytes.ToArray();

        Assert.EndsWith("encoding 9 is newer than 1, the newest one known", Assert.Throws<CephException>(() => AttachLockState.Decode("p/i", "n", raw)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Addresses_are_read_in_the_older_form_and_the_newer(int form)
    {
        CephEncoder address = form == 0 ? Old() : New();
        byte[] raw = CephEncoder.Struct(1, 1, info => info.U32(1)
            .Add(CephEncoder.Struct(1, 1, static id => id.U8(8).U64(4177).Text("cookie")))
            .Add(CephEncoder.Struct(1, 1, locker => locker.U64(0).Add(address).Text("text")))
            .U8(2).Text("r")).Bytes.ToArray();

        AttachLocker locker = Assert.Single(AttachLockState.Decode("p/i", "n", raw).Lockers);

        Assert.Equal((4177L, "cookie", form == 0 ? "10.1.2.3:6789/77" : "[2001:db8::1]:0/77", "text"), (locker.Client, locker.Cookie, locker.Address, locker.Description));
    }

    // msg/msg_types.h entity_addr_t: marker 0, three bytes, nonce, sockaddr_storage
    private static CephEncoder Old()
    {
        CephEncoder address = new CephEncoder().U32(0).U32(77).U8(0).U8(2).U8(0x1A).U8(0x85).U8(10).U8(1).U8(2).U8(3);
        for (int i = 8; i < 128; i++)
        {
            address.U8(0);
        }

        return address;
    }

    // marker 1, then a structure: type, nonce, length, sockaddr without padding
    private static CephEncoder New() => new CephEncoder().U8(1).Add(CephEncoder.Struct(1, 1, static inner => inner
        .U32(2).U32(77).U32(28).U8(10).U8(0).U8(0).U8(0).U32(0).U32(0xB80D0120).U32(0).U32(0).U32(0x01000000).U32(0)));

    private static byte[] RealLock()
    {
        string name = Lab.NewImage("bytes");
        using CephCluster cluster = Lab.Connect();
        using CephPool pool = cluster.OpenPool("rbd");
        Lab.Attach(pool, name, Lab.Request(Lab.Holder("h1", machine: Lab.Machine(1), write: false)));
        Lab.Attach(pool, name, Lab.Request(Lab.Holder("h2", machine: Lab.Machine(2), write: false)));
        return ImageLookup.Find(pool, name, null, readOnly: true).Lock.Raw;
    }

    private static int IsRefused(byte[] raw)
    {
        try
        {
            foreach (AttachLocker locker in AttachLockState.Decode("p/i", "xen.attach", raw).Lockers)
            {
                Assert.NotEmpty(locker.Describe());
            }

            return 0;
        }
        catch (CephException e)
        {
            Assert.Equal(CephFault.Malformed, e.Fault);
            return 1;
        }
    }
}
