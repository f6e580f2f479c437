using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace BlockRbd.Xen.Tests;

/// <summary>One message that a client sent.</summary>
internal sealed record Message(uint Type, uint RequestId, uint TransactionId, string Payload);

/// <summary>A daemon that answers every message with the bytes it is told to, true or not. Null closes, no bytes keep silent.</summary>
internal sealed class FakeXenStore : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xsd-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Task _serving;

    public FakeXenStore(Func<Message, byte[]?> answer)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen(8);
        _serving = Task.Run(() => Serve(answer));
    }

    public string Path => System.IO.Path.Combine(_folder, "socket");

    public List<Message> Seen { get; } = [];

    /// <summary>A frame as the protocol has it; every field can be given another value.</summary>
    public static byte[] Frame(uint type, uint request, uint transaction, ReadOnlySpan<byte> payload, uint? length = null)
    {
        byte[] frame = new byte[16 + payload.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, type);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), request);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(8), transaction);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(12), length ?? (uint)payload.Length);
        payload.CopyTo(frame.AsSpan(16));
        return frame;
    }

    /// <summary>The right frame for a message, with that payload.</summary>
    public static byte[] Answer(Message message, string payload) =>
        Frame(message.Type, message.RequestId, message.TransactionId, Encoding.UTF8.GetBytes(payload));

    /// <summary>A refusal: XS_ERROR with a word.</summary>
    public static byte[] Refuse(Message message, string word) =>
        Frame(16, message.RequestId, message.TransactionId, Encoding.UTF8.GetBytes(word + "\0"));

    public void Dispose()
    {
        _listener.Dispose();
        _serving.Wait(TimeSpan.FromSeconds(10));
        Directory.Delete(_folder, recursive: true);
    }

    private void Serve(Func<Message, byte[]?> answer)
    {
        try
        {
            while (true)
            {
                using Socket client = _listener.Accept();
                while (Receive(client) is { } message)
                {
                    Seen.Add(message);
                    byte[]? bytes = answer(message);
                    if (bytes is null)
                    {
                        break;
                    }

                    client.Send(bytes);
                }
            }
        }
        catch (SocketException)
        {
            // disposed, or the client went away
        }
        catch (ObjectDisposedException)
        {
        }
    }

    private static Message? Receive(Socket client)
    {
        byte[] header = new byte[16];
        if (!ReceiveAll(client, header))
        {
            return null;
        }

        byte[] payload = new byte[BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(12))];
        return !ReceiveAll(client, payload)
            ? null
            : new Message(
                BinaryPrimitives.ReadUInt32LittleEndian(header),
                BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)),
                BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8)),
                Encoding.UTF8.GetString(payload));
    }

    private static bool ReceiveAll(Socket client, byte[] bytes)
    {
        int done = 0;
        while (done < bytes.Length)
        {
            int read = client.Receive(bytes.AsSpan(done));
            if (read == 0)
            {
                return false;
            }

            done += read;
        }

        return true;
    }
}
