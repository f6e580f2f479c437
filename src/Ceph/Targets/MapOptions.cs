namespace BlockRbd.Ceph.Targets;

/// <summary>The options of <c>rbd device map</c> that a target may hand on, each with the shape of its value.</summary>
internal static class MapOptions
{
    private enum Value
    {
        None,
        Number,
        Word,
    }

    // rbd(8), "Kernel rbd (krbd) options", and the kernel's Documentation/admin-guide and drivers/block/rbd.c rbd_parameters.
    private static readonly Dictionary<string, Value> Krbd = new(StringComparer.Ordinal)
    {
        ["fsid"] = Value.Word, ["ip"] = Value.Word, ["crc"] = Value.None, ["nocrc"] = Value.None,
        ["cephx_require_signatures"] = Value.None, ["nocephx_require_signatures"] = Value.None,
        ["cephx_sign_messages"] = Value.None, ["nocephx_sign_messages"] = Value.None,
        ["tcp_nodelay"] = Value.None, ["notcp_nodelay"] = Value.None,
        ["mount_timeout"] = Value.Number, ["osdkeepalive"] = Value.Number, ["osd_idle_ttl"] = Value.Number,
        ["osd_request_timeout"] = Value.Number, ["queue_depth"] = Value.Number, ["lock_on_read"] = Value.None,
        ["exclusive"] = Value.None, ["lock_timeout"] = Value.Number, ["notrim"] = Value.None, ["abort_on_full"] = Value.None,
        ["alloc_size"] = Value.Number, ["crush_location"] = Value.Word, ["read_from_replica"] = Value.Word,
        ["compression_hint"] = Value.Word, ["ms_mode"] = Value.Word, ["rxbounce"] = Value.None,
    };

    // rbd-nbd(8).
    private static readonly Dictionary<string, Value> Nbd = new(StringComparer.Ordinal)
    {
        ["exclusive"] = Value.None, ["notrim"] = Value.None, ["try-netlink"] = Value.None, ["quiesce"] = Value.None,
        ["nbds_max"] = Value.Number, ["max_part"] = Value.Number, ["timeout"] = Value.Number, ["io-timeout"] = Value.Number,
        ["reattach-timeout"] = Value.Number,
    };

    private static readonly Dictionary<string, string> Ours = new(StringComparer.Ordinal)
    {
        ["ro"] = "the access mode decides that", ["rw"] = "the access mode decides that",
        ["noshare"] = "it is always set", ["share"] = "one client for all mappings would be fenced as one",
        ["noudev"] = "it is always set", ["udev"] = "nothing here waits for udev",
        ["name"] = "id= says who", ["secret"] = "keys belong into a keyring", ["key"] = "keys belong into a keyring",
        ["force"] = "nothing is ever forced",
    };

    /// <summary>Checks a comma-separated list.</summary>
    /// <param name="list">The option's value.</param>
    /// <param name="type">Null: not known yet, so either's options will do.</param>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public static string? Problem(string list, DeviceType? type)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string option in list.Split(','))
        {
            int equals = option.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? option : option[..equals];
            if (Problem(name, equals < 0 ? null : option[(equals + 1)..], type) is { } problem)
            {
                return $"map option {TargetText.Quote(option)}: {problem}";
            }

            if (!seen.Add(name))
            {
                return $"map option {TargetText.Quote(name)} stands there twice";
            }
        }

        return null;
    }

    private static string? Problem(string name, string? value, DeviceType? type)
    {
        if (name.Length == 0)
        {
            return "an empty part";
        }

        if (Ours.TryGetValue(name, out string? reason))
        {
            return $"not to be given, {reason}";
        }

        bool krbd = Krbd.TryGetValue(name, out Value shape);
        bool nbd = Nbd.TryGetValue(name, out Value nbdShape);
        if (!(krbd && type != DeviceType.Nbd))
        {
            if (!(nbd && type != DeviceType.Krbd))
            {
                return krbd || nbd
                    ? $"not one for device-type={(type == DeviceType.Nbd ? "nbd" : "krbd")}"
                    : "neither an option of the target nor a known one of 'rbd device map'";
            }

            shape = nbdShape;
        }

        return shape switch
        {
            Value.None => value is null ? null : "takes no value",
            _ when string.IsNullOrEmpty(value) => "needs a value",
            Value.Number => value.Length <= 9 && value.All(char.IsAsciiDigit) ? null : "needs a whole number",
            // crush_location=rack:a|region:b and ip=10.0.0.1:6789 are what the extra characters are for.
            _ => TargetText.OddCharacter(value, static letter => TargetText.IsNameCharacter(letter) || letter is ':' or '|' or '[' or ']') is { } odd
                ? $"odd character {odd}"
                : null,
        };
    }
}
