namespace BlockRbd.BootConfig.BootLoaderSpec;

/// <summary>Cuts an entry file into keys and values as GRUB's blsuki does (bls_parse_keyvals).</summary>
internal static class BlsEntryParser
{
    private const string Blanks = " \t";

    /// <summary>The fields of a file's text.</summary>
    /// <exception cref="BootConfigException">More than <see cref="BlsLimits.MaxFields"/>.</exception>
    public static IReadOnlyList<BlsField> Parse(string text, BootFile file)
    {
        List<BlsField> fields = [];
        foreach (Range range in text.AsSpan().Split('\n'))
        {
            // grub_file_getline leaves out every carriage return, wherever it stands; a NUL ends a C string.
            string line = text[range].Replace("\r", "", StringComparison.Ordinal);
            int end = line.IndexOf('\0', StringComparison.Ordinal);
            ReadOnlySpan<char> rest = (end < 0 ? line : line[..end]).AsSpan().TrimStart(Blanks);
            if (rest is ['#', ..])
            {
                continue;
            }

            int keyLength = rest.IndexOfAny(Blanks);
            if (keyLength < 0 || rest[keyLength..].TrimStart(Blanks).IsEmpty)
            {
                break; // An empty line, or a key without a value, ends the file: GRUB reads no further.
            }

            if (fields.Count == BlsLimits.MaxFields)
            {
                throw new BootConfigException($"{GuestText.Display(file.ToString())}: more than {BlsLimits.MaxFields} keys");
            }

            fields.Add(new BlsField(rest[..keyLength].ToString(), rest[keyLength..].TrimStart(Blanks).ToString()));
        }

        return fields;
    }
}
