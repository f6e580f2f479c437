using System.Globalization;
using System.Runtime.InteropServices;
using BlockRbd.Ceph.Native;

namespace BlockRbd.Ceph;

/// <summary>The cluster's list of clients that may not do anything any more. Only a person's own command ever adds to it.</summary>
public static class CephBlocklist
{
    /// <summary>An entry.</summary>
    /// <param name="Address">"10.0.0.1:0/123".</param>
    /// <param name="Until">When it ends, as the cluster says it.</param>
    public sealed record Entry(string Address, string Until);

    /// <summary>All entries.</summary>
    /// <exception cref="CephException">The cluster can't be asked.</exception>
    public static IReadOnlyList<Entry> List(CephCluster cluster)
    {
        string text = Command(cluster, """{"prefix": "osd blocklist ls"}""", """{"prefix": "osd blacklist ls"}""", "listing the blocklist");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(' ', 2))
            .Where(static words => words.Length == 2).Select(static words => new Entry(words[0], words[1]))];
    }

    /// <summary>
    /// Fences a client: what this connection, or any that is made later, does next finds it fenced. The list is part of the OSD map; an OSD
    /// that has an older one brings itself up to date before it serves an operation of somebody who knows the newer.
    /// </summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="address">The client's, as a watcher has it.</param>
    /// <param name="time">For how long.</param>
    /// <exception cref="CephException">It can't be.</exception>
    public static void Add(CephCluster cluster, string address, TimeSpan time)
    {
        // It becomes part of a command.
        if (Targets.TargetText.OddCharacter(address, static letter => char.IsAsciiHexDigit(letter) || letter is ':' or '.' or '/' or '[' or ']') is { } odd)
        {
            throw new CephException(CephFault.Malformed, $"odd character {odd} in the client's address {Targets.TargetText.Quote(address)}");
        }

        string Add(string word) => string.Create(
            CultureInfo.InvariantCulture, $$"""{"prefix": "osd {{word}}", "{{word}}op": "add", "addr": "{{address}}", "expire": {{time.TotalSeconds:0.0}}}""");
        Command(cluster, Add("blocklist"), Add("blacklist"), $"blocklisting {address}");
        cluster.Bound();
        int result = Rados.WaitForLatestOsdMap(cluster.Handle);
        if (result < 0)
        {
            throw CephFailure.Of(result, cluster.User, $"waiting for the blocklisting of {address}");
        }
    }

    /// <param name="cluster">The cluster.</param>
    /// <param name="command">A monitor's command.</param>
    /// <param name="former">Its spelling before Pacific.</param>
    /// <param name="what">For messages.</param>
    private static string Command(CephCluster cluster, string command, string former, string what)
    {
        int result = TryCommand(cluster, command, out string output);
        if (result == -CephErrno.EINVAL)
        {
            result = TryCommand(cluster, former, out output);
        }

        return result < 0 ? throw CephFailure.Of(result, cluster.User, what) : output;
    }

    private static int TryCommand(CephCluster cluster, string command, out string output)
    {
        cluster.Bound();
        int result = Rados.MonCommand(cluster.Handle, [command], 1, [], 0, out nint bytes, out nuint length, out nint status, out _);
        output = bytes == 0 ? "" : Marshal.PtrToStringUTF8(bytes, (int)length);
        foreach (nint buffer in (ReadOnlySpan<nint>)[bytes, status])
        {
            if (buffer != 0)
            {
                Rados.BufferFree(buffer);
            }
        }

        return result;
    }
}
