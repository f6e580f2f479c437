using System.Globalization;
using System.Text;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Grub2;

/// <summary>Random programs run by the real GRUB and by us, on the spot: what they print must be the same, errors too.</summary>
public class DifferentialTests
{
    private const int Batch = 40;

    private static readonly Dictionary<string, string> Disk = new()
    {
        ["/d/a1"] = "one\n", ["/d/b1/x"] = "two\n", ["/d/empty"] = "",
    };

    /// <summary>GRUB_SCRIPTS: how many programs; GRUB_SEED: the first one's seed.</summary>
    private static int Number(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : usual;

    [Fact]
    public void Random_programs_print_what_they_print_in_real_GRUB()
    {
        int first = Number("GRUB_SEED", 1);
        int count = Number("GRUB_SCRIPTS", 300);
        using RealGrub grub = new();
        List<string> differences = [];
        for (int seed = first; seed < first + count; seed += Batch)
        {
            int[] seeds = [.. Enumerable.Range(seed, Math.Min(Batch, first + count - seed))];
            if (Compare(grub, seeds) is not null)
            {
                differences.AddRange(seeds.Select(one => Compare(grub, [one])).OfType<string>());
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} programs differ\n" + string.Join("\n", differences.Take(5)));
    }

    /// <summary>Null where all of them agree.</summary>
    private static string? Compare(RealGrub grub, int[] seeds)
    {
        Dictionary<string, string> files = new(Disk);
        StringBuilder config = new();
        foreach (int seed in seeds)
        {
            files[$"/s/{seed}"] = new ScriptGenerator(seed).Make();
            config.Append(CultureInfo.InvariantCulture, $"echo @@{seed}\nsource /s/{seed}\nunset m; unset n\n");
        }

        string ours;
        try
        {
            ours = Transcript.Normalize(OurGrub.Run(config.ToString(), files));
        }
        catch (BootConfigException e)
        {
            // A program without an end (a loop's counter that a function resets): GRUB would run until it is stopped.
            return seeds.Length > 1 || !e.Message.EndsWith("steps", StringComparison.Ordinal) ? $"--- seed {string.Join(',', seeds)}: {e.Message}" : null;
        }

        string real = Transcript.Normalize(grub.Run(config.ToString(), files));
        return real == ours ? null : $"--- seed {string.Join(',', seeds)}\n{files[$"/s/{seeds[0]}"]}\n--- GRUB\n{real}\n--- ours\n{ours}\n";
    }
}
