using System.Runtime.InteropServices;
using System.Text;
using BlockRbd.BootExtract.Output;
using BlockRbd.Linux;
using BlockRbd.TwoStages;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.BootExtract.Menu;

/// <summary>The terminal that the menu is on: keys come in by themselves and without echo, and at the end it is as it was.</summary>
internal sealed class Terminal : IDisposable
{
    private const int StandardInput = 0;
    private const int StandardError = 2;

    // What a VT100 has. libxl's pty says 0 by 0, and so does a serial line.
    private const int DefaultRows = 24;
    private const int DefaultColumns = 80;
    private const int MinRows = 6;
    private const int MinColumns = 20;

    /// <summary>How long the rest of a key's sequence may take: longer than a character at 300 baud.</summary>
    private const int SequenceMilliseconds = 100;

    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    private readonly SafeFileHandle _input;
    private readonly SafeFileHandle _output;
    private readonly Libc.Termios _before;
    private readonly Lock _gate = new();
    private readonly List<byte> _typed = [];
    private bool _isRaw;

    private Terminal(SafeFileHandle input, SafeFileHandle output, in Libc.Termios before)
    {
        _input = input;
        _output = output;
        _before = before;
    }

    /// <summary>Whether it takes UTF-8, as setlocale(3) would find.</summary>
    public static bool IsUtf8
    {
        get
        {
            string? locale = LocaleVariables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
            return locale is not null && locale.Replace("-", "", StringComparison.Ordinal).Contains("utf8", StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>The terminal on standard input, still as it was.</summary>
    /// <returns>Null where there is none, or none that can be drawn on.</returns>
    public static Terminal? Find()
    {
        SafeFileHandle input = new(StandardInput, ownsHandle: false);
        if (Environment.GetEnvironmentVariable("TERM") == "dumb" || Libc.TcGetAttr(input, out Libc.Termios before) < 0)
        {
            return null;
        }

        // Standard output may be where the answer goes; the menu is drawn on a terminal or not at all.
        for (int descriptor = StandardInput + 1; descriptor <= StandardError; descriptor++)
        {
            SafeFileHandle output = new(descriptor, ownsHandle: false);
            if (Libc.TcGetAttr(output, out _) == 0)
            {
                return new Terminal(input, output, before);
            }
        }

        return null;
    }

    /// <summary>Rows and columns, as they are now.</summary>
    public (int Rows, int Columns) Size
    {
        get
        {
            (int rows, int columns) = Libc.TerminalSize(_output);
            return (Usable(rows, MinRows, DefaultRows), Usable(columns, MinColumns, DefaultColumns));
        }
    }

    /// <summary>From here on each key comes at once and isn't echoed. Ctrl-C stays what it is; Ctrl-Z would leave libxl waiting.</summary>
    /// <param name="undo">Notes that it must be taken back, on a signal as well.</param>
    /// <exception cref="ExtractException">That can't be done.</exception>
    public void Enter(Undo undo) => undo.Do(
        () =>
        {
            Libc.Termios raw = _before;
            raw.InputFlags &= ~(Libc.BRKINT | Libc.ISTRIP | Libc.INLCR | Libc.IGNCR | Libc.ICRNL | Libc.IXON);
            raw.LocalFlags &= ~(Libc.ICANON | Libc.ECHO | Libc.ECHONL | Libc.IEXTEN);
            raw.Characters[Libc.VMIN] = 1;
            raw.Characters[Libc.VTIME] = 0;
            raw.Characters[Libc.VSUSP] = 0; // _POSIX_VDISABLE
            _isRaw = Libc.TcSetAttr(_input, Libc.TCSADRAIN, raw) == 0;
            return _isRaw ? this : throw Descriptor.Failed("the terminal");
        },
        static terminal => terminal.Leave("\x1b[m\r\n"));

    /// <summary>Sends text.</summary>
    public void Write(string text)
    {
        lock (_gate)
        {
            if (_isRaw && text.Length > 0)
            {
                Descriptor.WriteAll(_output, "the terminal", Encoding.UTF8.GetBytes(text));
            }
        }
    }

    /// <summary>Waits for a key.</summary>
    /// <param name="milliseconds">How long; -1 for ever.</param>
    /// <returns>Null where none came.</returns>
    /// <exception cref="ExtractException">The terminal is gone.</exception>
    public Key? Read(int milliseconds)
    {
        if (_typed.Count == 0 && !Fill(milliseconds))
        {
            return null;
        }

        while (true)
        {
            int used = KeyDecoder.Decode(CollectionsMarshal.AsSpan(_typed), isAll: false, out Key key);
            if (used == 0 && !Fill(SequenceMilliseconds))
            {
                used = KeyDecoder.Decode(CollectionsMarshal.AsSpan(_typed), isAll: true, out key);
            }

            if (used > 0)
            {
                _typed.RemoveRange(0, used);
                return key;
            }
        }
    }

    /// <summary>Waits, and forgets what was typed meanwhile.</summary>
    public void Ignore(int milliseconds)
    {
        long end = Environment.TickCount64 + milliseconds;
        do
        {
            _typed.Clear();
        }
        while (end - Environment.TickCount64 is > 0 and long left && (Fill((int)left) || Environment.TickCount64 < end));
        _typed.Clear();
    }

    /// <summary>The terminal is as it was.</summary>
    /// <param name="text">What is sent before.</param>
    public void Leave(string text)
    {
        if (!_gate.TryEnter(SequenceMilliseconds))
        {
            text = ""; // the main thread is stuck in a write: a signal's thread doesn't wait for it
        }

        if (_isRaw)
        {
            _isRaw = false;
            _ = text.Length > 0 ? Libc.Write(_output, Encoding.UTF8.GetBytes(text)) : 0;
            _ = Libc.TcSetAttr(_input, text.Length > 0 ? Libc.TCSADRAIN : Libc.TCSANOW, _before);
        }

        if (_gate.IsHeldByCurrentThread)
        {
            _gate.Exit();
        }
    }

    public void Dispose() => Leave("");

    private static int Usable(int given, int min, int byDefault) => given < min ? byDefault : Math.Min(given, MenuLimits.MaxScreen);

    private bool Fill(int milliseconds)
    {
        long end = Environment.TickCount64 + milliseconds;
        Span<byte> bytes = stackalloc byte[64];
        while (true)
        {
            int ready = Libc.Poll(_input, Libc.POLLIN, milliseconds < 0 ? -1 : (int)Math.Max(0, end - Environment.TickCount64));
            if (ready == 0)
            {
                return false;
            }

            nint count = ready > 0 ? Libc.Read(_input, bytes) : -1;
            if (count > 0)
            {
                _typed.AddRange(bytes[..(int)count]);
                return true;
            }

            if (count == 0 || Marshal.GetLastPInvokeError() != Libc.EINTR)
            {
                throw new ExtractException(ExitCode.InputError, "the terminal that the menu was on is gone");
            }
        }
    }
}
