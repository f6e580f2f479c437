using System.Text.Json;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>What people type.</summary>
public sealed class PeopleTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly string _image = TestHost.NewImage();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Status_of_nothing_is_empty_and_good()
    {
        ToolResult result = _host.Program("status");
        Assert.Equal((0, ""), (result.ExitCode, result.Text));
    }

    [Fact]
    public void Status_shows_an_attached_disk_in_a_row_and_in_JSON()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}");
        string device = _host.MustAdd(disk);
        string[] lines = Ok("status").Split('\n');
        Assert.StartsWith("DOMAIN", lines[0], StringComparison.Ordinal);
        foreach (string word in (string[])[disk.Name, "xvda", $"rbd/{_image}", device, " w ", "held"])
        {
            Assert.Contains(word, lines[1], StringComparison.Ordinal);
        }

        using JsonDocument json = JsonDocument.Parse(Ok("status", "--json"));
        JsonElement row = json.RootElement.GetProperty("disks")[0];
        Assert.Equal(disk.Uuid.ToString(), row.GetProperty("uuid").GetString());
        Assert.Equal(device, row.GetProperty("device").GetString());
        Assert.Contains(disk.Name, row.GetProperty("lock_holders")[0].GetString(), StringComparison.Ordinal);
        Assert.Single(row.GetProperty("watchers").EnumerateArray());
        Assert.Empty(row.GetProperty("problems").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(Ok("status", "--json", "--offline")).RootElement.GetProperty("disks")[0].GetProperty("watchers").ValueKind);
    }

    [Fact]
    public void Status_says_what_does_not_fit()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}");
        string device = _host.MustAdd(disk);
        _host.StandIn("device", "unmap", "/dev/" + Path.GetFileName(device));
        ToolResult result = _host.Program("status");
        Assert.Equal(9, result.ExitCode);
        Assert.Contains("is not its mapping any more", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Status_says_which_run_was_killed()
    {
        Assert.Equal(137, _host.Add(_host.NewDisk($"rbd:{_image}"), "mapped").ExitCode);
        ToolResult result = _host.Program("status");
        Assert.Equal(9, result.ExitCode);
        Assert.Contains("was left at step Mapping", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Status_shows_what_somebody_else_mapped()
    {
        string device = _host.StandIn("device", "map", $"rbd/{_image}");
        Assert.Contains(device, Ok("status"), StringComparison.Ordinal);
    }

    [Fact]
    public void Locks_shows_the_holders_of_a_pools_images()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}");
        _host.MustAdd(disk);
        string line = Assert.Single(Ok("locks", "rbd").Split('\n'), l => l.StartsWith(_image + " ", StringComparison.Ordinal));
        Assert.Contains(disk.Name, line, StringComparison.Ordinal);
        Assert.Contains(_host.Name, line, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(Ok("locks", "rbd", "--json"));
        Assert.Contains(json.RootElement.EnumerateArray(), e => e.GetProperty("image").GetString() == _image && e.GetProperty("mode").GetString() == "w");
        Assert.Equal(2, _host.Program("locks", "nosuch").ExitCode);
    }

    [Fact]
    public void Unlock_refuses_what_is_attached_here_and_what_somebody_has_open()
    {
        _host.MustAdd(_host.NewDisk($"rbd:{_image}"));
        ToolResult here = _host.Program("unlock", $"rbd/{_image}");
        Assert.Equal(3, here.ExitCode);
        Assert.Contains("attached here", here.Error, StringComparison.Ordinal);
        using TestHost other = new();
        ToolResult there = other.Program("unlock", $"rbd/{_image}");
        Assert.Equal(3, there.ExitCode);
        Assert.Contains("still open", there.Error, StringComparison.Ordinal);
        Assert.Contains(_host.Name, there.Text, StringComparison.Ordinal);
        Assert.Contains("last seen just now: 127.0.0.1:0/", there.Text, StringComparison.Ordinal);
        Assert.Single(TestHost.Lockers(_image));
    }

    [Fact]
    public void Unlock_breaks_the_lock_of_a_host_that_is_gone()
    {
        using (TestHost gone = new())
        {
            Assert.Equal(137, gone.Add(gone.NewDisk($"rbd:{_image}"), "locked").ExitCode);
        }

        Disk disk = _host.NewDisk($"rbd:{_image}");
        _host.MustRefuse(disk, 3);
        CephLab.Run("ceph osd blocklist add 127.0.0.1:0/424242");
        string text = Ok("unlock", $"rbd/{_image}");
        Assert.Contains("is unlocked", text, StringComparison.Ordinal);
        Assert.Matches(@"last seen at 20\S+Z, when it took the lock", text);
        Assert.Matches(@"blocklisted at 127\.0\.0\.1: .*127\.0\.0\.1:0/424242 until 20", text);
        _host.MustAdd(disk);
    }

    [Fact]
    public void Unlock_with_fence_cuts_the_holder_off_first()
    {
        using TestHost alive = new();
        Disk held = alive.NewDisk($"rbd:{_image}");
        string device = alive.MustAdd(held);
        Assert.Contains("blocklisted", Ok("unlock", $"rbd/{_image}", "--fence"), StringComparison.Ordinal);
        Assert.Empty(TestHost.Lockers(_image));
        ToolResult write = Tool.Run(
            "/bin/dd", [$"if=/dev/zero", $"of={device}", "bs=4096", "count=1", "oflag=direct", "conv=notrunc"], TimeSpan.FromMinutes(1));
        Assert.NotEqual(0, write.ExitCode); // nothing it writes reaches the image any more
    }

    [Fact]
    public void Unlock_of_an_image_that_is_not_locked_says_so() =>
        Assert.Contains("is not locked", Ok("unlock", $"rbd/{_image}"), StringComparison.Ordinal);

    [Fact]
    public void Check_says_all_that_is_good()
    {
        string text = Ok("check", $"rbd:{_image}");
        foreach (string word in (string[])["xenstore", "cluster", "may lock: yes", "lock: free", "usable here"])
        {
            Assert.Contains(word, text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("FAIL", text, StringComparison.Ordinal);
        Assert.Empty(TestHost.Lockers(_image));
    }

    [Theory]
    [InlineData("rbd:nosuch", "nosuch does not exist")]
    [InlineData("rbd:x,id=nocaps", "client.nocaps")]
    [InlineData("rbd:x,y", "option 'y'")]
    public void Check_says_what_is_not(string target, string reason)
    {
        ToolResult result = _host.Program("check", target);
        Assert.Equal(9, result.ExitCode);
        Assert.Contains(reason, result.Text, StringComparison.Ordinal);
        Assert.Contains("FAIL", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_in_JSON_has_every_step_and_whether_all_is_well()
    {
        using JsonDocument good = JsonDocument.Parse(Ok("check", $"rbd:{_image}", "--json"));
        Assert.True(good.RootElement.GetProperty("ok").GetBoolean());
        JsonElement[] steps = [.. good.RootElement.GetProperty("checks").EnumerateArray()];
        Assert.All(steps, static s => Assert.True(s.GetProperty("ok").GetBoolean()));
        Assert.Equal("free", steps.Single(static s => s.GetProperty("what").GetString() == "lock").GetProperty("text").GetString());
        Assert.True(steps.Single(static s => s.GetProperty("what").GetString() == "cluster").GetProperty("ms").GetDouble() > 0);

        ToolResult result = _host.Program("check", "rbd:nosuch", "--json");
        Assert.Equal(9, result.ExitCode);
        using JsonDocument bad = JsonDocument.Parse(result.Text);
        Assert.False(bad.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal("image", Assert.Single(bad.RootElement.GetProperty("checks").EnumerateArray(), static s => !s.GetProperty("ok").GetBoolean()).GetProperty("what").GetString());
    }

    [Fact]
    public void Recover_in_JSON_names_what_it_let_go_of()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}");
        Assert.Equal(137, _host.Add(disk, "mapped").ExitCode);
        using JsonDocument json = JsonDocument.Parse(Ok("recover", "--json"));
        JsonElement record = Assert.Single(json.RootElement.GetProperty("records").EnumerateArray());
        Assert.Equal($"rbd/{_image}", record.GetProperty("image").GetString());
        Assert.Equal(disk.Name, record.GetProperty("domain").GetString());
        Assert.False(record.GetProperty("left").GetBoolean());
        Assert.Empty(json.RootElement.GetProperty("problems").EnumerateArray());
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void Check_of_a_target_for_nbd_looks_for_what_that_needs()
    {
        string text = _host.Program("check", $"rbd:{_image},device-type=nbd").Text;
        Assert.Contains($"rbd-nbd command: {Repo.Below("fixtures", "standin", "rbd-nbd")}", text, StringComparison.Ordinal);
        Assert.Contains("the nbd module is not loaded yet", text, StringComparison.Ordinal);
        string image = TestHost.NewImage(options: "--image-feature layering,exclusive-lock,journaling");
        Assert.Equal(0, _host.Program("check", $"rbd:{image},device-type=nbd").ExitCode); // rbd-nbd is librbd, which knows every feature
    }

    [Fact]
    public void Check_refuses_an_image_with_a_feature_that_the_kernel_lacks()
    {
        string image = TestHost.NewImage(options: "--image-feature layering,exclusive-lock,journaling");
        ToolResult result = _host.Program("check", $"rbd:{image}");
        Assert.Equal(9, result.ExitCode);
        Assert.Contains("journaling", result.Text, StringComparison.Ordinal);
        Assert.Contains("journaling", _host.MustRefuse(_host.NewDisk($"rbd:{image}"), 4), StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_shows_the_defaults_and_the_device()
    {
        File.WriteAllText(_host.Configuration, "timeout = 20\n[pool rbd]\nid = admin\n");
        string device = _host.MustAdd(_host.NewDisk($"rbd:{_image}"));
        Assert.Equal($"rbd/{_image},id=admin,timeout=20\n{device}\n", Ok("resolve", $"rbd:{_image}"));
        Assert.Equal(1, _host.Program("resolve", "nonsense").ExitCode);
    }

    [Fact]
    public void A_word_that_is_none_ends_with_1_and_an_at_sign_reads_no_file()
    {
        Assert.Equal(1, _host.Program("frobnicate").ExitCode);
        Assert.Contains("@/etc/hostname", _host.Program("resolve", "@/etc/hostname").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_exit_code_is_in_the_manual_page_and_in_the_help()
    {
        string manual = File.ReadAllText(Repo.Below("man", "block-rbd.8.scd"));
        string help = Ok("--help");
        foreach (ExitCode code in Enum.GetValues<ExitCode>())
        {
            Assert.Contains(code == ExitCode.Signal ? "\n*128*+_N_\n\t" : $"\n*{(int)code}*\n\t", manual, StringComparison.Ordinal);
            if (code < ExitCode.Internal)
            {
                Assert.Matches($@"\b{(int)code} \w", help);
            }
        }
    }

    [Fact]
    public void Every_option_of_the_help_is_in_the_manual_page()
    {
        string manual = File.ReadAllText(Repo.Below("man", "block-rbd.8.scd"));
        foreach (string command in (string[])["", "status", "locks", "unlock", "recover", "check", "resolve"])
        {
            string help = Ok(command.Length > 0 ? [command, "--help"] : ["--help"]);
            Assert.Contains(command, manual, StringComparison.Ordinal);
            foreach (string option in help.Split([' ', ',', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(static w => w.StartsWith("--", StringComparison.Ordinal)))
            {
                Assert.Contains($"*{option}*", manual.Replace("[" + option + "]", $"*{option}*", StringComparison.Ordinal), StringComparison.Ordinal);
            }
        }
    }

    private string Ok(params string[] arguments)
    {
        ToolResult result = _host.Program(arguments);
        Assert.True(result.ExitCode == 0, $"ended with {result.ExitCode}: {result.Text}{result.Error}");
        return result.Text;
    }
}
