using System.Text;
using BlockRbd.BootConfig;
using BlockRbd.BootExtract.Menu;
using Xunit;

namespace BlockRbd.Programs.Tests.Menu;

/// <summary>Bytes of a terminal as keys, and a guest's bytes as what a terminal may be sent.</summary>
public sealed class TextAndKeyTests
{
    [Theory]
    [InlineData("j", "Character", 1)]
    [InlineData("\r", "Enter", 1)]
    [InlineData("\n", "Enter", 1)]
    [InlineData("\x7f", "Backspace", 1)]
    [InlineData("\x1b[A", "Up", 3)]
    [InlineData("\x1bOB", "Down", 3)]      // a VT100's keys in application mode
    [InlineData("\x1b[1;5C", "Right", 6)]  // xterm: with Ctrl
    [InlineData("\x1b[3~x", "Delete", 4)]
    [InlineData("\x1b[5~", "PageUp", 4)]
    [InlineData("\x1b", "Escape", 1)]
    [InlineData("\x1bj", "Escape", 1)]     // Esc, then j
    [InlineData("\x1b[\x1b[A", "Unknown", 2)]
    [InlineData("\x1b[99999999999999999", "Unknown", 16)]
    public void A_key_is_as_long_as_it_is(string typed, string kind, int length)
    {
        int used = KeyDecoder.Decode(Encoding.Latin1.GetBytes(typed), isAll: true, out Key key);
        Assert.Equal((kind, length), (key.Kind.ToString(), used));
    }

    [Theory]
    [InlineData("\x1b")]
    [InlineData("\x1b[")]
    [InlineData("\x1b[1;5")]
    public void A_sequence_that_has_only_begun_waits_for_more(string typed) =>
        Assert.Equal(0, KeyDecoder.Decode(Encoding.Latin1.GetBytes(typed), isAll: false, out _));

    [Theory]
    [InlineData("plain ~", "plain ~", "plain ~")]
    [InlineData("\x1b[2J", "\\x1b[2J", "\\x1b[2J")]
    [InlineData("a\tb\nc\r", "a\\x09b\\x0ac\\x0d", "a\\x09b\\x0ac\\x0d")]
    [InlineData("caf\xc3\xa9", "caf\\xc3\\xa9", "café")]             // UTF-8
    [InlineData("caf\xe9", "caf\\xe9", "caf\\xe9")]                  // Latin-1: no UTF-8
    [InlineData("\u009b31m", "\\x9b31m", "\\x9b31m")]                  // an 8-bit CSI
    [InlineData("\xc2\u009b31m", "\\xc2\\x9b31m", "\\xc2\\x9b31m")]    // the same as UTF-8: U+009B
    [InlineData("\xe2\x80\xae", "\\xe2\\x80\\xae", "\\xe2\\x80\\xae")] // U+202E turns all that follows around
    [InlineData("e\xcc\x81", "e\\xcc\\x81", "e\\xcc\\x81")]          // a combining accent has no width
    [InlineData("\xe6\xbc\xa2", "\\xe6\\xbc\\xa2", "漢")]
    public void A_guests_text_is_harmless(string text, string ascii, string utf8)
    {
        Assert.Equal(ascii, new ScreenText(utf8: false).Fit(text, 100));
        Assert.Equal(utf8, new ScreenText(utf8: true).Fit(text, 100));
    }

    [Fact]
    public void Every_byte_alone_and_in_pairs_leaves_no_control_character()
    {
        ScreenText[] screens = [new(utf8: false), new(utf8: true)];
        for (int pair = 0; pair < 0x10000; pair++)
        {
            string text = new([(char)(pair >> 8), (char)(pair & 0xFF)]);
            Assert.All(screens, screen => Assert.DoesNotContain(screen.Fit(text, 100), char.IsControl));
        }
    }

    [Fact]
    public void Wide_characters_count_twice() => Assert.Equal("漢漢", new ScreenText(utf8: true).Fit(GuestText.FromShown("漢漢漢"), 5));

    [Fact]
    public void A_long_line_moves_so_that_the_cursor_is_seen()
    {
        LineEditor line = new(new ScreenText(utf8: false), new string('a', 50) + "END", 1000);
        Frame frame = new(1, 31);
        line.Draw(frame, 0, "> ");
        Assert.EndsWith("END", frame.Lines[0].Before, StringComparison.Ordinal);
        Assert.True(frame.Cursor.Column < 30);
        line.Press(new Key(KeyKind.Home));
        line.Draw(frame, 0, "> ");
        Assert.Equal((0, 2), frame.Cursor);
        Assert.Equal("> " + new string('a', 28), frame.Lines[0].Before);
    }

    [Fact]
    public void Only_lines_that_differ_are_sent()
    {
        Painter painter = new();
        Frame first = new(3, 20);
        first.Set(0, "one");
        first.Set(1, "two");
        Assert.Equal("\x1b[m\x1b[H\x1b[2J\x1b[1;1Hone\x1b[K\x1b[2;1Htwo\x1b[K\x1b[1;1H", painter.Paint(first));
        Frame second = new(3, 20) { Cursor = (2, 4) };
        second.Set(0, "one");
        second.Set(1, new FrameLine("", "TWO"));
        Assert.Equal("\x1b[2;1H\x1b[7mTWO\x1b[m\x1b[K\x1b[3;5H", painter.Paint(second));
        Assert.Equal("", painter.Paint(second));
    }
}
