using System.Text;

namespace BlockRbd.BootConfig.BootLoaderSpec;

/// <summary>blscfg's own expansion of variables in <c>options</c>, <c>devicetree</c> and <c>grub_users</c> (blsuki_expand_val).</summary>
internal static class BlsValue
{
    /// <summary>
    /// Replaces <c>$NAME</c> by the variable's value and a blank; one blank behind the name is swallowed. Braces mean
    /// nothing to it: "${x}" is left for the script, whose own expansion follows.
    /// </summary>
    /// <returns>Null for null, and where nothing has been appended at the next "$" or at the end: GRUB then drops the rest as well.</returns>
    public static string? Expand(string? value, Func<string, string?> variable)
    {
        if (value is null)
        {
            return null;
        }

        StringBuilder? text = null;
        bool isVariable = false;
        int start = 0; // of the field that is being read
        int end = 0; // its last character, once there are two: GRUB loses a field of a single character
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            if (c == '$')
            {
                if (start != end && !Append(ref text, value, start, end, isVariable, variable))
                {
                    return null;
                }

                isVariable = true;
                start = i + 1;
            }
            else if (isVariable && !char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                Append(ref text, value, start, end, isVariable: true, variable);
                isVariable = false;
                start = c == ' ' ? i + 1 : i;
            }

            end = i;
        }

        return start == end || Append(ref text, value, start, end, isVariable, variable) ? text?.ToString() : null;
    }

    /// <returns>Whether anything was appended so far.</returns>
    private static bool Append(ref StringBuilder? text, string value, int start, int end, bool isVariable, Func<string, string?> variable)
    {
        string field = end + 1 > start ? value[start..(end + 1)] : string.Empty;
        if (!isVariable)
        {
            (text ??= new StringBuilder()).Append(field);
        }
        else if (variable(field) is { } found)
        {
            (text ??= new StringBuilder()).Append(found).Append(' ');
        }

        return text is not null;
    }
}
