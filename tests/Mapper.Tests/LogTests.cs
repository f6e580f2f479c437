using System.Net.Sockets;
using System.Text;
using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>What syslog gets: a socket stands where /dev/log would.</summary>
public sealed class LogTests : IDisposable
{
    private const int Debug = 31;   // facility daemon (3), severity debug (7): 3 * 8 + 7
    private const int Info = 30;
    private const int Notice = 29;
    private const int Error = 27;

    private readonly TestHost _host = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly string _image = TestHost.NewImage();

    private readonly List<string> _lines = [];

    public LogTests()
    {
        _socket.Bind(new UnixDomainSocketEndPoint(_host.Environment(null)["BLOCK_RBD_SYSLOG"]));
        new Thread(Collect) { IsBackground = true }.Start();
    }

    public void Dispose()
    {
        _socket.Dispose();
        _host.Dispose();
    }

    [Fact]
    public void An_attach_and_a_detach_are_one_line_each_and_their_steps_are_debug()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}");
        _host.MustAdd(disk);
        string[] lines = Lines();
        string outcome = Assert.Single(lines, static l => Priority(l) == Info);
        Assert.Contains($"{disk.Name} xvda: rbd/{_image} is attached as", outcome, StringComparison.Ordinal);
        Assert.Contains(lines, static l => Priority(l) == Debug && l.Contains("locked", StringComparison.Ordinal));
        _host.MustRemove(disk);
        Assert.Contains("is detached", Assert.Single(Lines(), static l => Priority(l) == Info), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_is_one_line_at_err()
    {
        _host.MustRefuse(_host.NewDisk("rbd:nosuch"), 2);
        Assert.Contains("nosuch does not exist", Assert.Single(Lines(), static l => Priority(l) == Error), StringComparison.Ordinal);
    }

    [Fact]
    public void An_attach_without_a_lock_is_noticed()
    {
        _host.MustAdd(_host.NewDisk($"rbd:{_image},access=w!"));
        Assert.Contains("no lock is asked for", Assert.Single(Lines(), static l => Priority(l) == Notice), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_is_one_line_whatever_the_domain_is_called()
    {
        _host.MustRefuse(_host.NewDisk("rbd:nosuch", name: "evil\n<0>kernel: root"), 2);
        Assert.All(Lines(), static l => Assert.DoesNotContain('\n', l));
    }

    private static int Priority(string line) => int.Parse(line[1..line.IndexOf('>', StringComparison.Ordinal)], null);

    // Ten datagrams fit into the socket's queue, an attach has more: they are read as they come.
    private void Collect()
    {
        byte[] buffer = new byte[8192];
        try
        {
            while (true)
            {
                string line = Encoding.UTF8.GetString(buffer, 0, _socket.Receive(buffer));
                lock (_lines)
                {
                    _lines.Add(line);
                    Monitor.PulseAll(_lines);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    // What the program that ended has sent: all that stands before a line of our own.
    private string[] Lines()
    {
        const string End = "end";
        using Socket own = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        own.SendTo(Encoding.UTF8.GetBytes(End), new UnixDomainSocketEndPoint(_host.Environment(null)["BLOCK_RBD_SYSLOG"]));
        lock (_lines)
        {
            while (!_lines.Contains(End))
            {
                Assert.True(Monitor.Wait(_lines, TimeSpan.FromSeconds(60)), "the lines were not read");
            }

            string[] lines = [.. _lines.TakeWhile(static l => l != End)];
            _lines.Clear();
            return lines;
        }
    }
}
