using System.Text.Json;

namespace BlockRbd.Testing;

/// <summary>systemd's own tools, unpacked by fixtures/tools/get-systemd.</summary>
public static class SystemdTools
{
    private static readonly Lazy<string> Root = new(() => Tool.Check(Repo.Below("fixtures", "tools", "get-systemd")).Text.Trim());

    /// <summary>The entries that bootctl lists of a directory that stands for the EFI system partition, in its menu's order.</summary>
    public static IReadOnlyList<JsonElement> BootctlList(string esp, string? extendedLoader = null)
    {
        List<string> arguments = [$"--esp-path={esp}", "list", "--json=short"];
        if (extendedLoader is not null)
        {
            arguments.Insert(1, $"--boot-path={extendedLoader}");
        }

        ToolResult result = Tool.Run(
            Path.Combine(Root.Value, "bin", "bootctl"), arguments, TimeSpan.FromMinutes(2), new Dictionary<string, string> { ["SYSTEMD_RELAX_ESP_CHECKS"] = "1" });
        using JsonDocument json = JsonDocument.Parse(result.Output);
        return [.. json.RootElement.EnumerateArray().Select(entry => entry.Clone())];
    }

    /// <summary>Makes a unified kernel image, or a profile for one.</summary>
    /// <param name="isProfile">Whether it is a profile, which has another stub.</param>
    /// <param name="arguments">For "ukify build".</param>
    public static void Ukify(bool isProfile, params string[] arguments) => Tool.Check(
        Path.Combine(Root.Value, "bin", "ukify"),
        ["build", $"--stub={Path.Combine(Root.Value, "usr/lib/systemd/boot/efi", isProfile ? "addonx64.efi.stub" : "linuxx64.efi.stub")}", .. arguments]);
}
