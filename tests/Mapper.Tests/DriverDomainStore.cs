using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using BlockRbd.Testing;

namespace BlockRbd.Mapper.Tests;

/// <summary>
/// A real xenstored as a driver domain sees it: the daemon takes everybody on its socket for domain 0, so what stands between puts
/// relative paths below the domain's own home and refuses what the guests' own permissions would refuse.
/// </summary>
internal sealed class DriverDomainStore : IDisposable
{
    private const uint Error = 16; // XS_ERROR
    private static readonly uint[] WithPath = [1, 2, 3, 11, 12, 13, 22];

    private readonly string _folder = Directory.CreateTempSubdirectory("xsd-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly XenStored _real;
    private readonly string _home;

    public DriverDomainStore(XenStored real, uint domain)
    {
        _real = real;
        _home = $"/local/domain/{domain}/";
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen(8);
        new Thread(Serve) { IsBackground = true }.Start();
    }

    public string Path => System.IO.Path.Combine(_folder, "socket");

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Serve()
    {
        try
        {
            while (true)
            {
                using Socket client = _listener.Accept();
                using Socket daemon = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                daemon.Connect(new UnixDomainSocketEndPoint(_real.Socket));
                while (Receive(client) is { } message)
                {
                    client.Send(Answer(daemon, message));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private byte[] Answer(Socket daemon, byte[] message)
    {
        if (WithPath.Contains(BinaryPrimitives.ReadUInt32LittleEndian(message)))
        {
            int end = Array.IndexOf(message, (byte)0, 16);
            string path = Encoding.ASCII.GetString(message[16..end]);
            path = path.StartsWith('/') ? path : _home + path;
            if (!path.StartsWith(_home, StringComparison.Ordinal))
            {
                return Frame(message, Error, "EACCES\0"u8);
            }

            message = Frame(message, null, [.. Encoding.ASCII.GetBytes(path), .. message[end..]]);
        }

        daemon.Send(message);
        return Receive(daemon) ?? [];
    }

    private static byte[] Frame(byte[] message, uint? type, ReadOnlySpan<byte> payload)
    {
        byte[] frame = [.. message[..16], .. payload];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, type ?? BinaryPrimitives.ReadUInt32LittleEndian(message));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(12), (uint)payload.Length);
        return frame;
    }

    private static byte[]? Receive(Socket from)
    {
        byte[] header = new byte[16];
        if (!ReceiveAll(from, header))
        {
            return null;
        }

        byte[] payload = new byte[BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(12))];
        return ReceiveAll(from, payload) ? [.. header, .. payload] : null;
    }

    private static bool ReceiveAll(Socket from, byte[] bytes)
    {
        for (int done = 0; done < bytes.Length;)
        {
            int read = from.Receive(bytes.AsSpan(done));
            if (read == 0)
            {
                return false;
            }

            done += read;
        }

        return true;
    }
}
