using System.Text;

namespace BlockRbd.Ceph.Targets;

/// <summary>
/// QEMU's spelling, which libxl's qdisk uses: rbd:pool/[namespace/]image[@snapshot][:key=value]..., where a backslash takes the
/// meaning from the character behind it. qemu(1), "Ceph RBD"; key id and conf are QEMU's, any other one is a setting of the Ceph client.
/// </summary>
internal static class QemuTargetParser
{
    private const string Prefix = "rbd:";

    /// <summary>Whether a text can only be meant this way: keys behind a colon behind the image, or backslashes.</summary>
    public static bool IsQemu(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        string rest = text[Prefix.Length..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        int comma = rest.IndexOf(',', StringComparison.Ordinal);
        string image = comma < 0 ? rest : rest[..comma];
        return rest.Contains('\\', StringComparison.Ordinal) || (slash >= 0 && image.IndexOf(':', StringComparison.Ordinal) is var colon && colon > slash);
    }

    /// <exception cref="RbdTargetException">The problem alone.</exception>
    public static RbdTarget Parse(string text)
    {
        List<string> fields = Split(text[Prefix.Length..], ':');
        List<string> path = Split(fields[0], '/');
        if (path.Count is < 2 or > 3)
        {
            throw new RbdTargetException("QEMU's spelling is rbd:pool/image or rbd:pool/namespace/image");
        }

        List<string> image = Split(path[^1], '@');
        if (image.Count > 2)
        {
            throw new RbdTargetException("more than one '@'");
        }

        if (path.Count == 3 && path[1].Length == 0)
        {
            throw new RbdTargetException("the namespace is empty");
        }

        RbdTarget target = new()
        {
            Text = text,
            Pool = Unescape(path[0]),
            Namespace = path.Count == 3 ? Unescape(path[1]) : "",
            Image = Unescape(image[0]),
            Snapshot = image.Count == 2 ? Unescape(image[1]) : null,
            Options = Keys(fields),
        };
        return target.IsSearch ? throw new RbdTargetException("the image is empty") : target.Checked();
    }

    private static TargetOptions Keys(List<string> fields)
    {
        TargetOptions options = new();
        List<KeyValuePair<string, string>> settings = [];
        foreach (string field in fields.Skip(1))
        {
            int equals = field.IndexOf('=', StringComparison.Ordinal);
            string key = equals <= 0
                ? throw new RbdTargetException($"{TargetText.Quote(field)} is not key=value")
                : Unescape(field[..equals]);
            string value = Unescape(field[(equals + 1)..]);
            if (key is "id" or "conf" or "keyring" or "cluster")
            {
                options = options.With(key, value);
                continue;
            }

            string? problem = TargetText.NameProblem("key", key)
                ?? (value.Length == 0 ? $"{key} has no value" : null)
                ?? (TargetText.OddCharacter(value, static letter => letter is >= ' ' and <= '~') is { } odd ? $"odd character {odd} in {key}" : null)
                ?? (settings.Exists(setting => setting.Key == key) ? $"{key}= stands there twice" : null);
            settings.Add(problem is null ? new(key, value) : throw new RbdTargetException(problem));
        }

        return options with { ClientSettings = settings };
    }

    /// <summary>Cuts at a character that has no backslash before it; the backslashes stay.</summary>
    private static List<string> Split(string text, char separator)
    {
        List<string> parts = [];
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == separator)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static string Unescape(string text)
    {
        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && ++i == text.Length)
            {
                throw new RbdTargetException("a backslash with nothing behind it");
            }

            plain.Append(text[i]);
        }

        return plain.ToString();
    }
}
