using System.Globalization;
using BlockRbd.BootConfig;
using BlockRbd.BootExtract.Kernels;
using BlockRbd.GuestKernel;

namespace BlockRbd.BootExtract.CommandLine;

/// <summary>pygrub's command line, and what this program adds to it.</summary>
internal static class Arguments
{
    /// <summary>pygrub's short options.</summary>
    internal const string Letters = "qilnh";

    /// <summary>pygrub's long options, in its order.</summary>
    internal static readonly IReadOnlyList<LongOption> Pygrub =
    [
        new("quiet", false), new("interactive", false), new("list-entries", false), new("not-really", false), new("help", false),
        new("output", true), new("output-format", true), new("output-directory", true), new("offset", true),
        new("runas", true), new("entry", true), new("kernel", true), new("ramdisk", true), new("args", true),
        new("isconfig", false), new("debug", false),
    ];

    /// <summary>The options that pygrub does not have.</summary>
    internal static readonly IReadOnlyList<LongOption> Own =
    [
        new("json", false), new("explain", false), new("version", false), new("config", true), new("unpack", true), new("type", true),
        new("require-confinement", false), new("disk", true),
    ];

    private static readonly GetOpt Syntax = new(Letters, Pygrub, Own);

    /// <summary>The request that a command line makes.</summary>
    /// <param name="arguments">A character for each byte, without the program's name.</param>
    /// <param name="optionsFirst">POSIXLY_CORRECT is set.</param>
    /// <exception cref="ExtractException">It makes none (<see cref="ExitCode.Usage"/>).</exception>
    public static ExtractRequest Parse(IReadOnlyList<string> arguments, bool optionsFirst = false)
    {
        ExtractRequest request = new();
        List<GivenOption> options = Syntax.Parse(arguments, optionsFirst, out List<string> operands);
        foreach (GivenOption option in options)
        {
            request = Apply(request, option);
        }

        if (request.Help || request.Version)
        {
            return request;
        }

        if (operands.Count == 0)
        {
            throw Usage("no IMAGE given");
        }

        if (request.IsConfig && operands.Count + request.Images.Count > 1)
        {
            throw Usage("--isconfig takes one file");
        }

        return request with { Images = [.. operands.Select(operand => RawArguments.HostText(operand, "IMAGE")), .. request.Images] };
    }

    private static ExtractRequest Apply(ExtractRequest request, GivenOption option) => option.Name switch
    {
        "-q" or "--quiet" => request with { Interactive = false },
        "-i" or "--interactive" => request with { Interactive = true },
        "-l" or "--list-entries" => request with { ListEntries = true },
        "-n" or "--not-really" => request with { NotReally = true },
        "-h" or "--help" => request with { Help = true },
        "--version" => request with { Version = true },
        "--output" => request with { Output = option.Value == "-" ? null : HostPath(option) },
        "--output-format" => request with { Format = Format(option.Value) },
        "--output-directory" => request with { OutputDirectory = HostPath(option) },
        "--disk" => request with { Images = [.. request.Images, HostPath(option)] },
        "--offset" => request with { Offset = Offset(option.Value) },
        "--runas" => request with { RunAs = NotEmpty(option, RawArguments.HostText(option.Value, option.Name)) },
        "--entry" => request with { Entry = option.Value, Interactive = false }, // naming one leaves nothing to ask
        "--config" => request with { Config = NullIfEmpty(option.Value) },
        "--kernel" => request with { Kernel = NullIfEmpty(option.Value) },       // empty is as good as not given, in pygrub too
        "--ramdisk" => request with { Ramdisk = NullIfEmpty(option.Value) },
        "--args" => request with { Arguments = option.Value },
        "--unpack" => request with { Unpack = Unpack(option.Value) },
        "--type" => request with { Type = Type(option.Value) },
        "--isconfig" => request with { IsConfig = true },
        "--debug" => request with { Debug = true },
        "--require-confinement" => request with { RequireConfinement = true },
        "--json" => request with { Json = true },
        "--explain" => request with { Explain = true },
        _ => throw new InvalidOperationException(option.Name),
    };

    private static OutputFormat Format(string value) => value switch
    {
        "sxp" => OutputFormat.Sxp,
        "simple" => OutputFormat.Simple,
        "simple0" => OutputFormat.Simple0,
        _ => throw Usage($"unknown output format \"{GuestText.Display(value)}\": sxp, simple or simple0"),
    };

    private static UnpackMode Unpack(string value) => value switch
    {
        "auto" => UnpackMode.Auto,
        "always" => UnpackMode.Always,
        "never" => UnpackMode.Never,
        _ => throw Usage($"--unpack \"{GuestText.Display(value)}\": auto, always or never"),
    };

    private static GuestType Type(string value) => value switch
    {
        "pv" => GuestType.Pv,
        "pvh" => GuestType.Pvh,
        _ => throw Usage($"--type \"{GuestText.Display(value)}\": pv or pvh"),
    };

    private static long Offset(string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out long offset)
            ? offset
            : throw Usage($"--offset \"{GuestText.Display(value)}\": must be a number of bytes");

    private static string HostPath(GivenOption option) => NotEmpty(option, RawArguments.HostText(option.Value, option.Name));

    private static string NotEmpty(GivenOption option, string value) => value.Length > 0 ? value : throw Usage($"{option.Name} is empty");

    private static string? NullIfEmpty(string value) => value.Length > 0 ? value : null;

    private static ExtractException Usage(string problem) => new(ExitCode.Usage, $"{problem}; see pygrub-rbd --help");
}
