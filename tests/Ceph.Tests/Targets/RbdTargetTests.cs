using BlockRbd.Ceph.Targets;
using Xunit;

namespace BlockRbd.Ceph.Tests.Targets;

public sealed class RbdTargetTests
{
    [Theory]
    [InlineData("ceph:test", "ceph", "", "test", null)]
    [InlineData("rbd:ceph-test", "rbd", "", "ceph-test", null)]
    [InlineData("rbd:ceph-test@s1", "rbd", "", "ceph-test", "s1")]
    [InlineData("rbd:pool:image", "pool", "", "image", null)]
    [InlineData("rbd:rbd:image", "rbd", "", "image", null)]
    [InlineData("rbd:pool/image", "pool", "", "image", null)]
    [InlineData("rbd:pool/ns/image@snap", "pool", "ns", "image", "snap")]
    [InlineData("pool/image", "pool", "", "image", null)]
    [InlineData("pool/ns/image", "pool", "ns", "image", null)]
    [InlineData("pool/image@snap", "pool", "", "image", "snap")]
    [InlineData("pool:image@snap", "pool", "", "image", "snap")]
    [InlineData(".mgr/vm_1.disk+a-0", ".mgr", "", "vm_1.disk+a-0", null)]
    [InlineData("pool:", "pool", "", "", null)]
    [InlineData("rbd:", "rbd", "", "", null)]
    [InlineData("rbd:pool:", "pool", "", "", null)]
    public void Every_spelling_names_the_same_parts(string text, string pool, string name, string image, string? snapshot)
    {
        RbdTarget target = RbdTarget.Parse(text);

        Assert.Equal((pool, name, image, snapshot), (target.Pool, target.Namespace, target.Image, target.Snapshot));
    }

    [Fact]
    public void All_options_are_understood()
    {
        TargetOptions options = RbdTarget.Parse(
            "p/i,id=xen,conf=/etc/ceph/b.conf,cluster=b,keyring=/etc/ceph/k,map-options=queue_depth=128,rxbounce,device-type=krbd,access=r,"
            + "clone-from=gold/ns/base@v1,adopt,timeout=12").Options;

        Assert.Equal(("xen", "/etc/ceph/b.conf", "b", "/etc/ceph/k"), (options.Id, options.Conf, options.Cluster, options.Keyring));
        Assert.Equal(("queue_depth=128,rxbounce", DeviceType.Krbd, AccessMode.Read), (options.MapOptions, options.DeviceType, options.Access));
        Assert.Equal(new CloneSource("gold", "ns", "base", "v1", Adopt: true), options.CloneFrom);
        Assert.Equal(TimeSpan.FromSeconds(12), options.Timeout);
    }

    [Theory]
    [InlineData("p/i")]
    [InlineData("p/n/i@s,access=r")]
    [InlineData("p:,id=xen,timeout=5")]
    [InlineData("p/i,id=a,conf=/c,cluster=l,keyring=/k,map-options=queue_depth=1,rxbounce,device-type=nbd,access=w!,clone-from=b@s,adopt,timeout=1")]
    public void The_canonical_spelling_is_understood_as_the_same(string text) => Assert.Equal(text, RbdTarget.Parse(text).Format());

    [Theory]
    [InlineData("rbd:p/i:id=xen:conf=/etc/ceph/b.conf", "p/i", "xen", "/etc/ceph/b.conf")]
    [InlineData("rbd:p/n/i@s:id=xen", "p/n/i@s", "xen", null)]
    [InlineData(@"rbd:p/i:conf=/etc/a\:b.conf", "p/i", null, "/etc/a:b.conf")]
    [InlineData(@"rbd:p/i:conf=/etc/a\@b\=c", "p/i", null, "/etc/a@b=c")]
    [InlineData(@"rbd:p/vm\-1:id=x", "p/vm-1", "x", null)]
    public void Qemus_spelling_is_understood(string text, string name, string? id, string? conf)
    {
        RbdTarget target = RbdTarget.Parse(text);

        Assert.Equal((name, id, conf), (target.Name, target.Options.Id, target.Options.Conf));
    }

    [Fact]
    public void Qemus_other_keys_are_settings_of_the_client()
    {
        RbdTarget target = RbdTarget.Parse(@"rbd:p/i:id=x:auth_supported=cephx\;none:mon_host=10.0.0.1\:6789");

        Assert.Equal([new("auth_supported", "cephx;none"), new("mon_host", "10.0.0.1:6789")], target.Options.ClientSettings);
    }

    [Theory]
    [InlineData("", "target '': no pool: it is pool:image, or pool/image, or pool/namespace/image")]
    [InlineData("vm1", "target 'vm1': no pool: it is pool:image, or pool/image, or pool/namespace/image")]
    [InlineData(":image", "target ':image': the pool is empty")]
    [InlineData("/image", "target '/image': the pool is empty")]
    [InlineData("pool/", "target 'pool/': the image is empty")]
    [InlineData("pool//image", "target 'pool//image': the namespace is empty")]
    [InlineData("pool/ns/", "target 'pool/ns/': the image is empty")]
    [InlineData("a/b/c/d", "target 'a/b/c/d': more parts than pool/namespace/image")]
    [InlineData("a:b:c", "target 'a:b:c': odd character ':' in the image 'b:c'")]
    [InlineData("a:b/c", "target 'a:b/c': both ':' and '/': it is pool:image, or pool/image, or pool/namespace/image")]
    [InlineData("p/i@", "target 'p/i@': the snapshot is empty")]
    [InlineData("p:@s", "target 'p:@s': a snapshot of no image")]
    [InlineData("p/i@a@b", "target 'p/i@a@b': odd character '@' in the snapshot 'a@b'")]
    [InlineData("p/i\n", @"target 'p/i\x0a': odd character '\x0a' in the image 'i\x0a'")]
    [InlineData("p/i\0x", @"target 'p/i\x00x': odd character '\x00' in the image 'i\x00x'")]
    [InlineData("p/i x", "target 'p/i x': odd character ' ' in the image 'i x'")]
    [InlineData("p/i;rm", "target 'p/i;rm': odd character ';' in the image 'i;rm'")]
    [InlineData("p/$(id)", "target 'p/$(id)': odd character '$' in the image '$(id)'")]
    [InlineData("p/'i'", @"target 'p/\'i\'': odd character '\'' in the image '\'i\''")]
    [InlineData("p/vм1", @"target 'p/v\u{43c}1': odd character '\u{43c}' in the image 'v\u{43c}1'")]
    [InlineData("p/\u202eevil", @"target 'p/\u{202e}evil': odd character '\u{202e}' in the image '\u{202e}evil'")]
    [InlineData("p/\u001b[31m", @"target 'p/\x1b[31m': odd character '\x1b' in the image '\x1b[31m'")]
    [InlineData("p/..", "target 'p/..': the image is '..', which is a path's word")]
    [InlineData("p/-force", "target 'p/-force': the image '-force' begins with '-', which reads as an option")]
    [InlineData("-p/i", "target '-p/i': the pool '-p' begins with '-', which reads as an option")]
    public void What_is_no_image_is_refused_with_the_target_quoted(string text, string message) => Refused(text, message);

    [Theory]
    [InlineData("p/i,", "an empty part between commas")]
    [InlineData("p/i,,id=x", "an empty part between commas")]
    [InlineData("p/i,adopt", "option 'adopt' has no value or no name")]
    [InlineData("p/i,=x", "option '=x' has no value or no name")]
    [InlineData("p/i,id=", "id= has no value")]
    [InlineData("p/i,ID=x", "unknown option 'ID'; known are id, conf, cluster, keyring, map-options, device-type, access, clone-from, timeout")]
    [InlineData("p/i,id=x,id=y", "id= stands there twice")]
    [InlineData("p/i,id=client.xen", "id= is the user without 'client.': id=xen")]
    [InlineData("p/i,id=a b", "odd character ' ' in the id 'a b'")]
    [InlineData("p/i,conf=ceph.conf", "'ceph.conf' is not an absolute path")]
    [InlineData("p/i,conf=/", "'/' is not an absolute path")]
    [InlineData("p/i,keyring=/a\tb", @"odd character '\x09' in the path '/a\x09b'")]
    [InlineData("p/i,access=rw", "access is 'rw', not w, r, w! or r!")]
    [InlineData("p/i,device-type=ggate", "device-type is 'ggate', not krbd or nbd")]
    [InlineData("p/i,timeout=0", "timeout is '0', not a number of seconds from 1 to 600")]
    [InlineData("p/i,timeout=601", "timeout is '601', not a number of seconds from 1 to 600")]
    [InlineData("p/i,timeout=9999999999", "timeout is '9999999999', not a number of seconds from 1 to 600")]
    [InlineData("p/i,timeout=-1", "timeout is '-1', not a number of seconds from 1 to 600")]
    [InlineData("p/i@s,access=w", "snapshots are read-only, access=w can't be")]
    [InlineData("p/i@s,access=w!", "snapshots are read-only, access=w! can't be")]
    [InlineData("p/i@s,clone-from=b@s", "clone-from can't make a snapshot")]
    [InlineData("p:,clone-from=b@s", "clone-from needs the image's name")]
    [InlineData("p/i,clone-from=b", "clone-from='b' names no snapshot: image@snapshot is needed")]
    [InlineData("p/i,clone-from=b@", "clone-from: the parent's snapshot is empty")]
    [InlineData("p/i,clone-from=@s", "clone-from: the parent image is empty")]
    [InlineData("p/i,clone-from=b@s,adopt,adopt", "option 'adopt' has no value or no name")]
    [InlineData("p/i,map-options=nosuch", "map option 'nosuch': neither an option of the target nor a known one of 'rbd device map'")]
    [InlineData("p/i,map-options=rxbounce,colour=red", "map option 'colour=red': neither an option of the target nor a known one of 'rbd device map'")]
    [InlineData("p/i,map-options=queue_depth", "map option 'queue_depth': needs a value")]
    [InlineData("p/i,map-options=queue_depth=many", "map option 'queue_depth=many': needs a whole number")]
    [InlineData("p/i,map-options=rxbounce=1", "map option 'rxbounce=1': takes no value")]
    [InlineData("p/i,map-options=rxbounce,rxbounce", "map option 'rxbounce' stands there twice")]
    [InlineData("p/i,map-options=share", "map option 'share': not to be given, one client for all mappings would be fenced as one")]
    [InlineData("p/i,map-options=rw", "map option 'rw': not to be given, the access mode decides that")]
    [InlineData("p/i,map-options=ms_mode=a$b", "map option 'ms_mode=a$b': odd character '$'")]
    public void Options_that_cannot_be_are_refused(string text, string problem) => Refused(text, $"target {TargetText.Quote(text)}: {problem}");

    [Theory]
    [InlineData(@"rbd:p\", "QEMU's spelling is rbd:pool/image or rbd:pool/namespace/image")]
    [InlineData(@"rbd:p/i\", "a backslash with nothing behind it")]
    [InlineData(@"rbd:p/i\/j", "odd character '/' in the image 'i/j'")]
    [InlineData("rbd:p/i:", "'' is not key=value")]
    [InlineData("rbd:p/i:id", "'id' is not key=value")]
    [InlineData("rbd:p/i:id=x:id=y", "id= stands there twice")]
    [InlineData("rbd:p/i:mon_host=a:mon_host=b", "mon_host= stands there twice")]
    [InlineData("rbd:p/i:id=x,access=r", "odd character ',' in the id 'x,access=r'")]
    [InlineData("rbd:p//i:id=x", "the namespace is empty")]
    [InlineData("rbd:p/:id=x", "the image is empty")]
    [InlineData("rbd:p/i@a@b:id=x", "more than one '@'")]
    [InlineData("rbd:p/i:conf=x", "'x' is not an absolute path")]
    public void What_is_wrong_in_qemus_spelling_is_refused(string text, string problem) => Refused(text, $"target {TargetText.Quote(text)}: {problem}");

    [Fact]
    public void A_target_longer_than_xenstore_could_hold_is_refused_and_not_shown_whole()
    {
        RbdTargetException e = Assert.Throws<RbdTargetException>(() => RbdTarget.Parse("p/" + new string('a', 5000)));

        Assert.EndsWith("aaa...': longer than 4096 characters", e.Message, StringComparison.Ordinal);
        Assert.InRange(e.Message.Length, 200, 300);
    }

    [Fact]
    public void A_name_has_a_longest_length()
    {
        Assert.Equal(128, RbdTarget.Parse("p/" + new string('a', 128)).Image.Length);
        Assert.Contains("the image is longer than 128 characters", Assert.Throws<RbdTargetException>(() => RbdTarget.Parse("p/" + new string('a', 129))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p/i", true, AccessMode.Write)]
    [InlineData("p/i", false, AccessMode.Read)]
    [InlineData("p/i,access=r", true, AccessMode.Read)]
    [InlineData("p/i,access=r!", true, AccessMode.ReadUnchecked)]
    [InlineData("p/i,access=r!", false, AccessMode.ReadUnchecked)]
    [InlineData("p/i,access=w!", true, AccessMode.WriteUnchecked)]
    [InlineData("p/i@s", false, AccessMode.Read)]
    [InlineData("p/i@s,access=r", true, AccessMode.Read)]
    public void Access_narrows_the_disks_own_mode(string text, bool writable, AccessMode mode) => Assert.Equal(mode, RbdTarget.Parse(text).Mode(writable));

    [Theory]
    [InlineData("p/i,access=w", false, "target 'p/i,access=w': access=w can't widen the disk's own mode r")]
    [InlineData("p/i,access=w!", false, "target 'p/i,access=w!': access=w! can't widen the disk's own mode r")]
    [InlineData("p/i@s", true, "target 'p/i@s': snapshot s is read-only, and the disk asks for w: give it access=r")]
    public void Access_never_widens(string text, bool writable, string message) =>
        Assert.Equal(message, Assert.Throws<RbdTargetException>(() => RbdTarget.Parse(text).Mode(writable)).Message);

    private static void Refused(string text, string message) => Assert.Equal(message, Assert.Throws<RbdTargetException>(() => RbdTarget.Parse(text)).Message);
}
