using System.Diagnostics;
using BlockRbd.Linux;
using Xunit;

namespace BlockRbd.Xen.Tests;

/// <summary>What a daemon may never do, and the real one never does: each ends in a XenStoreException by the deadline.</summary>
public sealed class LyingDaemonTests
{
    [Fact]
    public void A_true_answer_is_read() => Assert.Equal("x", Read(m => FakeXenStore.Answer(m, "x")));

    [Fact]
    public void An_answer_to_another_question_is_refused() =>
        Refused("answer to another question", m => FakeXenStore.Frame(2, m.RequestId + 1, 0, "x"u8));

    [Fact]
    public void An_answer_in_another_transaction_is_refused() =>
        Refused("answer to another question", m => FakeXenStore.Frame(2, m.RequestId, 9, "x"u8));

    [Fact]
    public void An_answer_of_another_type_is_refused() => Refused("answer of type 1", m => FakeXenStore.Frame(1, m.RequestId, 0, "x"u8));

    [Theory]
    [InlineData(4097u)]
    [InlineData(uint.MaxValue)]
    public void A_length_beyond_the_protocol_is_not_waited_for(uint length) =>
        Refused($"answer of {length} bytes", m => FakeXenStore.Frame(2, m.RequestId, 0, "x"u8, length));

    [Fact]
    public void Silence_ends_with_the_deadline() => Refused("no answer in time", _ => []);

    [Fact]
    public void Half_a_header_ends_with_the_deadline() => Refused("no answer in time", _ => [2, 0, 0]);

    [Fact]
    public void Half_an_answer_ends_with_the_deadline() =>
        Refused("no answer in time", m => FakeXenStore.Frame(2, m.RequestId, 0, "x"u8, 2));

    [Fact]
    public void A_closed_connection_says_so() => Refused("the daemon closed the connection", _ => null);

    [Fact]
    public void An_error_that_is_no_name_is_not_repeated() => Refused("an error without a name", m => FakeXenStore.Refuse(m, "\e[2J"));

    [Fact]
    public void Watch_events_between_are_passed_over() =>
        Assert.Equal("x", Read(m => [.. FakeXenStore.Frame(15, 0, 0, "a\0b\0"u8), .. FakeXenStore.Answer(m, "x")]));

    [Fact]
    public void Watch_events_without_end_are_not() => Refused(
        "events without end",
        _ => [.. Enumerable.Repeat(FakeXenStore.Frame(15, 0, 0, "a\0b\0"u8), 100).SelectMany(static f => f)]);

    [Fact]
    public void A_value_that_is_not_UTF8_is_refused() =>
        Refused("the value is not UTF-8", m => FakeXenStore.Frame(2, m.RequestId, 0, [0xFF]));

    [Fact]
    public void After_a_timeout_the_late_answer_is_not_taken_for_the_next_one()
    {
        byte[]? late = null;
        using FakeXenStore fake = new(m =>
        {
            if (late is null)
            {
                late = FakeXenStore.Answer(m, "old");
                return [];
            }

            return [.. late, .. FakeXenStore.Answer(m, "new")];
        });
        using XenStore store = Connect(fake, 0.2);
        Assert.Throws<XenStoreException>(() => store.Read("a"));
        Assert.True(store.IsBroken);
        Assert.Equal("xenstore read b: the connection broke before", Assert.Throws<XenStoreException>(() => store.Read("b")).Message);
    }

    [Fact]
    public void A_write_that_is_not_acknowledged_with_OK_is_none()
    {
        using FakeXenStore fake = new(m => FakeXenStore.Answer(m, "KO\0"));
        using XenStore store = Connect(fake, 5);
        Assert.Equal("xenstore write a: neither OK nor an error", Assert.Throws<XenStoreException>(() => store.Write("a", "b")).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0\0")]
    [InlineData("-1\0")]
    [InlineData("99999999999\0")]
    public void A_transaction_needs_a_number(string id)
    {
        using FakeXenStore fake = new(m => FakeXenStore.Answer(m, id));
        using XenStore store = Connect(fake, 5);
        Assert.Throws<XenStoreException>(() => store.Transact(static _ => { }));
    }

    [Fact]
    public void A_transaction_that_never_gets_through_ends()
    {
        using FakeXenStore fake = new(m => m.Type switch
        {
            6 => FakeXenStore.Answer(m, "5\0"),
            7 => FakeXenStore.Refuse(m, "EAGAIN"),
            _ => FakeXenStore.Answer(m, "OK\0"),
        });
        using XenStore store = Connect(fake, 60);
        XenStoreException e = Assert.Throws<XenStoreException>(() => store.Transact(static view => view.Write("a", "b")));
        Assert.Equal("xenstore transaction-end /: EAGAIN", e.Message);
    }

    [Fact]
    public void No_daemon_names_the_place_and_the_reason()
    {
        XenStoreException e = Assert.Throws<XenStoreException>(() => XenStore.Connect(["/nonexistent/socket"], Deadline.After(TimeSpan.FromSeconds(1))));
        Assert.Equal("xenstore connect /nonexistent/socket: No such file or directory", e.Message);
    }

    [Theory]
    [InlineData("XENSTORED_PATH=/a/s", "/a/s")]
    [InlineData("XENSTORED_RUNDIR=/a", "/a/socket")]
    [InlineData("", "/run/xenstored/socket /var/run/xenstored/socket /dev/xen/xenbus /proc/xen/xenbus")]
    public void Is_looked_for_where_libxenstore_looks(string setting, string places) => Assert.Equal(
        places,
        string.Join(' ', XenStoreEndpoint.Places(name => setting.StartsWith(name + "=", StringComparison.Ordinal) ? setting[(name.Length + 1)..] : null)));

    private static XenStore Connect(FakeXenStore fake, double seconds) =>
        XenStore.Connect([fake.Path], Deadline.After(TimeSpan.FromSeconds(seconds)));

    private static string Read(Func<Message, byte[]?> answer)
    {
        using FakeXenStore fake = new(answer);
        using XenStore store = Connect(fake, 5);
        return store.Read("a");
    }

    private static void Refused(string error, Func<Message, byte[]?> answer)
    {
        using FakeXenStore fake = new(answer);
        using XenStore store = Connect(fake, 0.5);
        Stopwatch clock = Stopwatch.StartNew();
        Assert.Equal($"xenstore read a: {error}", Assert.Throws<XenStoreException>(() => store.Read("a")).Message);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed}");
    }
}
