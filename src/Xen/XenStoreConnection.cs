using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using BlockRbd.Linux;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Xen;

/// <summary>
/// One question at a time over one descriptor: a 16-byte header and at most <see cref="XenStoreLimits.MaxPayload"/> bytes, both ways
/// (struct xsd_sockmsg: type, req_id, tx_id, len, in the machine's byte order). After anything that leaves the next answer's owner in doubt
/// the connection is broken, and says so to every later question.
/// </summary>
internal sealed class XenStoreConnection(SafeFileHandle file) : IDisposable
{
    private const int HeaderLength = 16;

    private uint _lastRequest;

    /// <summary>Nothing can be asked any more; a new connection can.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Asks and waits for the answer's payload.</summary>
    /// <param name="op">What to do.</param>
    /// <param name="transaction">Its id, or 0.</param>
    /// <param name="payload">After the header.</param>
    /// <param name="path">For messages: the node.</param>
    /// <param name="deadline">When the answer must be there.</param>
    /// <exception cref="XenStoreException">The daemon's refusal, or a broken connection.</exception>
    public byte[] Ask(XenStoreOp op, uint transaction, ReadOnlySpan<byte> payload, string path, Deadline deadline)
    {
        if (payload.Length > XenStoreLimits.MaxPayload)
        {
            throw new XenStoreException(op.Word(), path, "E2BIG");
        }

        if (IsBroken)
        {
            throw new XenStoreException(op.Word(), path, "the connection broke before");
        }

        uint request = _lastRequest = unchecked(_lastRequest + 1);
        IsBroken = true; // until the whole answer is in
        byte[] message = new byte[HeaderLength + payload.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(message, (uint)op);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(4), request);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), transaction);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(12), (uint)payload.Length);
        payload.CopyTo(message.AsSpan(HeaderLength));
        Question question = new(op, path, deadline);
        Send(question, message);
        (XenStoreOp type, byte[] answer) = Receive(question, request, transaction);
        IsBroken = false;
        return type == XenStoreOp.Error ? throw question.Failed(ErrorName(answer)) : answer;
    }

    public void Dispose() => file.Dispose();

    private void Send(Question question, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint sent = Libc.Write(file, bytes);
            if (sent >= 0)
            {
                bytes = bytes[(int)sent..];
            }
            else
            {
                WaitOrThrow(question, Libc.POLLOUT, "the daemon does not take the question in time");
            }
        }
    }

    private (XenStoreOp Type, byte[] Payload) Receive(Question question, uint request, uint transaction)
    {
        byte[] header = new byte[HeaderLength];
        for (int unasked = 0; unasked < XenStoreLimits.MaxUnaskedMessages; unasked++)
        {
            ReceiveAll(question, header);
            XenStoreOp type = (XenStoreOp)BinaryPrimitives.ReadUInt32LittleEndian(header);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(12));
            if (length > XenStoreLimits.MaxPayload)
            {
                throw question.Failed($"answer of {length} bytes");
            }

            byte[] payload = new byte[length];
            ReceiveAll(question, payload);
            if (type == XenStoreOp.WatchEvent)
            {
                continue; // events come between answers; they have no request's id
            }

            if (BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)) != request
                || BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8)) != transaction)
            {
                throw question.Failed("answer to another question");
            }

            if (type != question.Op && type != XenStoreOp.Error)
            {
                throw question.Failed($"answer of type {(uint)type}");
            }

            return (type, payload);
        }

        throw question.Failed("events without end");
    }

    private void ReceiveAll(Question question, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint read = Libc.Read(file, bytes);
            if (read == 0)
            {
                throw question.Failed("the daemon closed the connection");
            }

            if (read > 0)
            {
                bytes = bytes[(int)read..];
            }
            else
            {
                WaitOrThrow(question, Libc.POLLIN, "no answer in time");
            }
        }
    }

    // After a call that returned -1: waits where it only had to wait.
    private void WaitOrThrow(Question question, short events, string late)
    {
        int errno = Marshal.GetLastPInvokeError();
        if (errno == Libc.EINTR)
        {
            return;
        }

        if (errno != Libc.EAGAIN)
        {
            throw question.Failed(Marshal.GetPInvokeErrorMessage(errno));
        }

        // A signal ends poll early, so it is the clock that decides.
        if (question.Deadline.IsOver || (Libc.Poll(file, events, question.Deadline.Milliseconds) == 0 && question.Deadline.IsOver))
        {
            throw question.Failed(late);
        }
    }

    // "ENOENT" and a NUL; anything else is not a name to repeat in a message.
    private static string ErrorName(ReadOnlySpan<byte> payload)
    {
        int end = payload.IndexOf((byte)0);
        ReadOnlySpan<byte> name = end >= 0 ? payload[..end] : payload;
        bool plain = name.Length is > 1 and <= 32 && !name.ContainsAnyExceptInRange((byte)'0', (byte)'Z');
        return plain ? Encoding.ASCII.GetString(name) : "an error without a name";
    }

    private readonly record struct Question(XenStoreOp Op, string Path, Deadline Deadline)
    {
        public XenStoreException Failed(string error) => new(Op.Word(), Path, error);
    }
}
