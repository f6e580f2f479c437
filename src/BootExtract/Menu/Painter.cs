using System.Globalization;
using System.Text;

namespace BlockRbd.BootExtract.Menu;

/// <summary>What must be sent so that a terminal that shows one frame shows the next: only lines that differ, since a serial line is slow and libxl logs it all.</summary>
/// <remarks>
/// Four sequences that every terminal since the VT100 has: CUP, EL, ED and SGR (ECMA-48 8.3.21, 8.3.41, 8.3.39, 8.3.117). No alternate screen, no
/// scrolling region, no mode is set, so nothing but SGR has to be set back.
/// </remarks>
internal sealed class Painter
{
    private const string Csi = "\x1b[";
    private Frame? _shown;

    /// <summary>The bytes that bring the screen from the last frame to this one, as text.</summary>
    public string Paint(Frame frame)
    {
        StringBuilder text = new();
        if (_shown is null || _shown.Rows != frame.Rows || _shown.Columns != frame.Columns)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Csi}m{Csi}H{Csi}2J");
            _shown = null;
        }

        for (int row = 0; row < frame.Rows; row++)
        {
            FrameLine line = frame.Lines[row];
            if (line != (_shown?.Lines[row] ?? new FrameLine("")))
            {
                Move(text, row, 0);
                text.Append(line.Before);
                if (line.Reversed.Length > 0)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{Csi}7m{line.Reversed}{Csi}m");
                }

                text.Append(line.After.TrimEnd(' ')).Append(CultureInfo.InvariantCulture, $"{Csi}K");
            }
        }

        if (text.Length > 0 || _shown?.Cursor != frame.Cursor)
        {
            Move(text, frame.Cursor.Row, frame.Cursor.Column);
        }

        _shown = frame;
        return text.ToString();
    }

    /// <summary>The next frame is drawn whole.</summary>
    public void Forget() => _shown = null;

    /// <summary>What leaves a clear screen behind where something has been drawn.</summary>
    public string Leave() => _shown is null ? "" : $"{Csi}m{Csi}H{Csi}2J";

    private static void Move(StringBuilder text, int row, int column) => text.Append(CultureInfo.InvariantCulture, $"{Csi}{row + 1};{column + 1}H");
}
