using System.Runtime.InteropServices;
using BlockRbd.Ceph.Native;

namespace BlockRbd.Ceph;

/// <summary>Several questions about one object, asked as one RADOS operation.</summary>
internal sealed class ReadOperation : IDisposable
{
    private const int ArenaBytes = 16 * 1024;
    internal const int MaxEntries = 4096;
    private const int MaxValue = 1 << 20;

    /// <summary>Where the answers are written to: the collector leaves it where it is.</summary>
    private readonly byte[] _arena = GC.AllocateArray<byte>(ArenaBytes, pinned: true);
    private readonly ReadOpHandle _handle = Rados.CreateReadOp();
    private readonly List<Step> _iterators = [];
    private int _used;

    internal enum StepKind
    {
        Buffer,
        XAttrs,
        OMap,
    }

    /// <summary>Calls a method of an object class.</summary>
    /// <param name="class">rbd, lock, ...</param>
    /// <param name="method">The method's name.</param>
    /// <param name="input">Its encoded argument.</param>
    /// <param name="maxOutput">Ceiling of the answer, bytes.</param>
    /// <param name="mayFail">Its failure doesn't end the operation.</param>
    public Step Call(string @class, string method, ReadOnlySpan<byte> input, int maxOutput, bool mayFail = false)
    {
        Step step = Reserve(StepKind.Buffer, maxOutput);
        Rados.ReadOpExec(_handle, @class, method, input, (nuint)input.Length, step.Data, (nuint)maxOutput, step.Number, step.Result);
        if (mayFail)
        {
            Rados.ReadOpSetFlags(_handle, Rados.LIBRADOS_OP_FLAG_FAILOK);
        }

        return step;
    }

    /// <summary>Reads the object's first bytes.</summary>
    public Step Read(int maxOutput)
    {
        Step step = Reserve(StepKind.Buffer, maxOutput);
        Rados.ReadOpRead(_handle, 0, (nuint)maxOutput, step.Data, step.Number, step.Result);
        return step;
    }

    /// <summary>All extended attributes.</summary>
    public Step XAttrs()
    {
        Step step = Reserve(StepKind.XAttrs, 0);
        _iterators.Add(step);
        Rados.ReadOpGetXAttrs(_handle, step.Number, step.Result);
        return step;
    }

    /// <summary>The keys of the object map that begin with <paramref name="prefix"/>, and their values: the first <see cref="MaxEntries"/>.</summary>
    /// <param name="prefix">What they begin with.</param>
    /// <param name="after">Only those that come after it.</param>
    public Step OMap(string prefix, string after = "")
    {
        Step step = Reserve(StepKind.OMap, sizeof(long));
        _iterators.Add(step);
        Rados.ReadOpOMapGetVals(_handle, after, prefix, MaxEntries, step.Number, step.Data, step.Result);
        return step;
    }

    /// <summary>Asks.</summary>
    /// <returns>0, or a negative error number.</returns>
    public int Run(IoContextHandle context, string objectName) => Rados.ReadOpOperate(_handle, context, objectName, 0);

    public void Dispose()
    {
        foreach (Step step in _iterators)
        {
            step.End();
        }

        _handle.Dispose();
    }

    private Step Reserve(StepKind kind, int bytes)
    {
        // A number (length or iterator), a result, the data; each at a multiple of 8.
        int start = _used;
        _used += 16 + ((bytes + 7) & ~7);
        return _used <= ArenaBytes
            ? new Step(this, kind, start, bytes)
            : throw new InvalidOperationException("the answers of this operation don't fit into its memory");
    }

    /// <summary>One question and, after <see cref="Run"/>, its answer.</summary>
    internal readonly struct Step
    {
        private readonly ReadOperation _operation;
        private readonly StepKind _kind;
        private readonly int _start;
        private readonly int _bytes;

        internal Step(ReadOperation operation, StepKind kind, int start, int bytes)
        {
            _operation = operation;
            _kind = kind;
            _start = start;
            _bytes = bytes;
        }

        /// <summary>0, or a negative error number.</summary>
        public int Code => BitConverter.ToInt32(_operation._arena, _start + 8);

        /// <summary>The bytes that <see cref="Call"/> or <see cref="Read"/> got.</summary>
        public ReadOnlySpan<byte> Bytes =>
            _operation._arena.AsSpan(_start + 16, (int)Math.Min((ulong)_bytes, BitConverter.ToUInt64(_operation._arena, _start)));

        internal nint Number => Address(_start);

        internal nint Result => Address(_start + 8);

        internal nint Data => Address(_start + 16);

        private nint Iterator => (nint)BitConverter.ToInt64(_operation._arena, _start);

        /// <summary>Whether the object map has more such keys: the OSD gives a thousand at most.</summary>
        public bool HasMore => _operation._arena[_start + 16] != 0;

        /// <summary>Names or keys with their values. To be read once.</summary>
        public List<KeyValuePair<string, byte[]>> Entries()
        {
            List<KeyValuePair<string, byte[]>> entries = [];
            while (Iterator != 0 && Next(out string? name, out nint value, out nuint length) && entries.Count < MaxEntries)
            {
                byte[] bytes = length <= MaxValue
                    ? new byte[(int)length]
                    : throw new CephException(CephFault.Malformed, $"{name} has {length} bytes, more than {MaxValue}");
                if (bytes.Length > 0)
                {
                    Marshal.Copy(value, bytes, 0, bytes.Length);
                }

                entries.Add(new(name, bytes));
            }

            return entries;
        }

        internal void End()
        {
            if (Iterator == 0)
            {
                return;
            }

            if (_kind == StepKind.XAttrs)
            {
                Rados.GetXAttrsEnd(Iterator);
            }
            else
            {
                Rados.OMapGetEnd(Iterator);
            }
        }

        private bool Next([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? name, out nint value, out nuint length)
        {
            if (_kind == StepKind.XAttrs)
            {
                int result = Rados.GetXAttrsNext(Iterator, out nint text, out value, out length);
                name = result < 0 || text == 0 ? null : Marshal.PtrToStringUTF8(text);
            }
            else
            {
                int result = Rados.OMapGetNext(Iterator, out nint key, out value, out nuint keyLength, out length);
                name = result < 0 || key == 0 ? null : Marshal.PtrToStringUTF8(key, (int)Math.Min(keyLength, MaxValue));
            }

            return name is not null;
        }

        private nint Address(int offset) => Marshal.UnsafeAddrOfPinnedArrayElement(_operation._arena, offset);
    }
}
