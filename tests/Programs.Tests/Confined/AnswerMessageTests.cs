using BlockRbd.BootConfig;
using BlockRbd.BootExtract.Confined;
using BlockRbd.BootExtract.Output;
using BlockRbd.TwoStages;
using Xunit;

namespace BlockRbd.Programs.Tests.Confined;

public sealed class AnswerMessageTests
{
    private static readonly BootAnswer Answer = new(
        "/k", ["/a", "/b"], "x\0y\u00e9", new EntryDescription("1>0", "t", "", "hd0", "/k", ["/a", "/b"], "x", null)
        {
            KernelSlice = new FileSlice(".linux", 512, 1L << 40), InitrdSlices = [null, new FileSlice(".in it", 0, 1)],
        });

    [Fact]
    public void Arrives_as_it_was_sent()
    {
        BootAnswer read = AnswerMessage.Read(AnswerMessage.Write(Answer));
        Assert.Equal((Answer.Kernel, Answer.Arguments), (read.Kernel, read.Arguments));
        Assert.Equal(Answer.Ramdisks, read.Ramdisks);
        Assert.Equal(Answer.Entry! with { Initrds = [], InitrdSlices = [] }, read.Entry! with { Initrds = [], InitrdSlices = [] });
        Assert.Equal(Answer.Entry.Initrds, read.Entry.Initrds);
        Assert.Equal(Answer.Entry.InitrdSlices, read.Entry.InitrdSlices);
    }

    [Fact]
    public void Arrives_without_an_entry_and_ramdisk() =>
        Assert.Null(AnswerMessage.Read(AnswerMessage.Write(new BootAnswer("/k", [], "", null))).Entry);

    [Fact]
    public void Every_cut_message_is_refused()
    {
        byte[] message = AnswerMessage.Write(Answer);
        for (int length = 0; length < message.Length; length++)
        {
            Assert.Throws<StageException>(() => AnswerMessage.Read(message.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Every_changed_byte_is_refused_or_read_without_any_other_exception()
    {
        byte[] message = AnswerMessage.Write(Answer);
        int refused = 0;
        for (int i = 0; i < message.Length; i++)
        {
            foreach (byte value in (byte[])[0, 1, 0x7F, 0x80, 0xFF])
            {
                byte[] changed = [.. message];
                changed[i] = value;
                try
                {
                    AnswerMessage.Read(changed);
                }
                catch (StageException)
                {
                    refused++;
                }
            }
        }

        Assert.InRange(refused, 50, message.Length * 5);
    }

    [Theory]
    [InlineData("0", 0u, 0u)]
    [InlineData("65534", 65534u, 65534u)]
    [InlineData("4294967294", 4294967294u, 4294967294u)]
    [InlineData("daemon", 7u, 8u)]
    public void A_user_is_a_number_or_a_name(string user, uint uid, uint gid) =>
        Assert.Equal(new UserIds(uid, gid), UserIds.Of(user, () => ["root:x:0:0::/:/bin/sh", "broken", "daemon:x:7:8::/:/bin/sh"]));

    [Theory]
    [InlineData("4294967295")] // setresuid's "leave as it is" must never be reached
    [InlineData("-1")]
    [InlineData("nobody-here")]
    [InlineData("broken")]
    public void Any_other_user_is_refused(string user) =>
        Assert.Throws<StageException>(() => UserIds.Of(user, () => ["root:x:0:0::/:/bin/sh", "broken:x:y:0", "broken"]));
}
