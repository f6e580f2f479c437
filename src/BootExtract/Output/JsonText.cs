using System.Globalization;
using System.Text;
using BlockRbd.BootConfig;

namespace BlockRbd.BootExtract.Output;

/// <summary>
/// Writes JSON on one line. By hand, so that a native program that starts for every guest carries no library for these few lines.
/// Every string is a guest's (a byte in each character) and is shown as everywhere: stray bytes as \xHH.
/// </summary>
internal sealed class JsonText
{
    private readonly StringBuilder _text = new();
    private bool _comma;

    public JsonText Open(char bracket)
    {
        Separate();
        _text.Append(bracket);
        _comma = false;
        return this;
    }

    public JsonText Close(char bracket)
    {
        _text.Append(bracket);
        _comma = true;
        return this;
    }

    public JsonText Name(string name)
    {
        Value(name);
        _text.Append(':');
        _comma = false;
        return this;
    }

    public JsonText Value(string? text)
    {
        Separate();
        if (text is null)
        {
            _text.Append("null");
        }
        else
        {
            Quote(text);
        }

        _comma = true;
        return this;
    }

    public JsonText Value(long? number)
    {
        Separate();
        _text.Append(number is { } value ? value.ToString(CultureInfo.InvariantCulture) : "null");
        _comma = true;
        return this;
    }

    public JsonText Values(IEnumerable<string> texts)
    {
        Open('[');
        foreach (string text in texts)
        {
            Value(text);
        }

        return Close(']');
    }

    /// <summary>The text with a line feed; ready to be written as Latin-1, as it is ASCII.</summary>
    public override string ToString() => _text + "\n";

    private void Separate()
    {
        if (_comma)
        {
            _text.Append(',');
        }
    }

    private void Quote(string text)
    {
        _text.Append('"');
        foreach (char c in GuestText.Display(text))
        {
            _ = c switch
            {
                '"' or '\\' => _text.Append('\\').Append(c),
                >= ' ' and <= '~' => _text.Append(c),
                _ => _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"), // ASCII only: no reader has to guess an encoding
            };
        }

        _text.Append('"');
    }
}
