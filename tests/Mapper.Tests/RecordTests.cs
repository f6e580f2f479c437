using System.Text;
using BlockRbd.Ceph.Targets;
using BlockRbd.Mapper.State;
using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>The files below /run/block-rbd.</summary>
public sealed class RecordTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("records-").FullName;

    private static readonly AttachRecord Full = new()
    {
        Path = "backend/vbd/3/51712", BootId = "b", Step = AttachStep.Answering, DomainId = 3, DomainName = "vm \"1\"\n\u00e4", Uuid = "u",
        VirtualDevice = "xvda", Target = RbdTarget.Parse("rbd/ns/img,id=xen,conf=/c,timeout=20,map-options=queue_depth=64,lock_on_read"), Mode = AccessMode.WriteUnchecked,
        Fsid = Guid.NewGuid(), PoolId = 3, ImageId = "10ab", LockName = "xen.attach", Cookie = "c:1", UnfinishedClone = "img.block-rbd-00", FormerClients = ["client1", "client2"],
        Device = "/dev/rbd7", DeviceId = 7, Client = "client3", Major = 252, Minor = 112, Since = new DateTime(2026, 11, 23, 1, 2, 3, DateTimeKind.Utc),
    };

    private HostPaths Host => new() { Run = Path.Combine(_folder, "run"), BootId = "b" };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_record_is_read_as_it_was_written()
    {
        RecordStore store = new(Host);
        store.Write(Full);
        AttachRecord read = store.Read(Full.Path)!;
        Assert.Equal(Full.FormerClients, read.FormerClients);
        Assert.Equal(Full.Target.Format(), read.Target.Format());
        Assert.Equal(Encoding.UTF8.GetString(RecordText.Format(Full)), Encoding.UTF8.GetString(RecordText.Format(read)));
        Assert.Equal(Full.Path, Assert.Single(store.All([])).Path);
    }

    [Fact]
    public void No_key_is_written()
    {
        AttachRecord record = Full with { Target = RbdTarget.Parse("rbd:rbd/img:id=xen:key=AQBGpHdlAAAAABAAh9zDwrQpVPjPEmfUqnrZfQ==:mon_host=10.0.0.1") };
        string text = Encoding.UTF8.GetString(RecordText.Format(record));
        Assert.DoesNotContain("AQBG", text, StringComparison.Ordinal);
        Assert.Contains("10.0.0.1", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"version\":2}")]
    [InlineData("{\"version\":\"1\"}")]
    [InlineData("{\"version\":1,\"target\":\"nonsense\"}")]
    [InlineData("[[[[[[[[[[[[]]]]]]]]]]]]")]
    public void What_is_no_record_is_refused_with_the_files_name(string text)
    {
        MapperException e = Assert.Throws<MapperException>(() => RecordText.Parse("/run/x.json", Encoding.UTF8.GetBytes(text)));
        Assert.StartsWith("/run/x.json: not a record", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_of_any_length_cut_off_is_refused()
    {
        byte[] whole = RecordText.Format(Full);
        for (int length = 0; length < whole.Length - 2; length++)
        {
            byte[] part = whole[..length];
            Assert.Throws<MapperException>(() => RecordText.Parse("x", part));
        }
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("backend/vbd/../x")]
    [InlineData("")]
    public void A_path_that_is_no_disk_is_no_file(string path) =>
        Assert.ThrowsAny<Exception>(() => new RecordStore(Host).Read(path));
}
