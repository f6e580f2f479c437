using BlockRbd.BootExtract;
using BlockRbd.BootExtract.CommandLine;
using BlockRbd.BootExtract.Kernels;
using BlockRbd.GuestKernel;
using BlockRbd.TwoStages;
using Xunit;

namespace BlockRbd.Programs.Tests.CommandLine;

public sealed class ArgumentsTests
{
    public static TheoryData<string, string, object?> Properties => new()
    {
        { "-q d", nameof(ExtractRequest.Interactive), false },
        { "-q -i d", nameof(ExtractRequest.Interactive), true },
        { "--entry=1 d", nameof(ExtractRequest.Interactive), false },
        { "--entry=a>b d", nameof(ExtractRequest.Entry), "a>b" },
        { "-l d", nameof(ExtractRequest.ListEntries), true },
        { "-n d", nameof(ExtractRequest.NotReally), true },
        { "-h", nameof(ExtractRequest.Help), true },
        { "--version", nameof(ExtractRequest.Version), true },
        { "--output=/x d", nameof(ExtractRequest.Output), "/x" },
        { "--output=- d", nameof(ExtractRequest.Output), null },
        { "d", nameof(ExtractRequest.Format), OutputFormat.Sxp },
        { "--output-format=simple d", nameof(ExtractRequest.Format), OutputFormat.Simple },
        { "--output-format simple0 d", nameof(ExtractRequest.Format), OutputFormat.Simple0 },
        { "d", nameof(ExtractRequest.OutputDirectory), "/var/run/xen/pygrub" },
        { "d --output-directory=o", nameof(ExtractRequest.OutputDirectory), "o" },
        { "--offset=1048576 d", nameof(ExtractRequest.Offset), 1048576L },
        { "--runas=65535 d", nameof(ExtractRequest.RunAs), "65535" },
        { "--kernel=/k d", nameof(ExtractRequest.Kernel), "/k" },
        { "--kernel= d", nameof(ExtractRequest.Kernel), null },
        { "--ramdisk=/r d", nameof(ExtractRequest.Ramdisk), "/r" },
        { "--args=a=b d", nameof(ExtractRequest.Arguments), "a=b" },
        { "--isconfig d", nameof(ExtractRequest.IsConfig), true },
        { "--debug d", nameof(ExtractRequest.Debug), true },
        { "--json d", nameof(ExtractRequest.Json), true },
        { "d", nameof(ExtractRequest.Unpack), UnpackMode.Auto },
        { "--unpack=always d", nameof(ExtractRequest.Unpack), UnpackMode.Always },
        { "--unpack never d", nameof(ExtractRequest.Unpack), UnpackMode.Never },
        { "d", nameof(ExtractRequest.Type), null },
        { "--type=pv d", nameof(ExtractRequest.Type), GuestType.Pv },
        { "--type=pvh d", nameof(ExtractRequest.Type), GuestType.Pvh },
        { "--explain d", nameof(ExtractRequest.Explain), true },
    };

    [Theory, MemberData(nameof(Properties))]
    public void Makes_a_request(string line, string property, object? value) =>
        Assert.Equal(value, typeof(ExtractRequest).GetProperty(property)!.GetValue(Arguments.Parse(line.Split(' '))));

    [Fact]
    public void Several_images_are_one_guests_disks_in_their_order() =>
        Assert.Equal(["a", "b", "-c"], Arguments.Parse(["a", "-q", "b", "--", "-c"]).Images);

    [Fact]
    public void Disks_by_option_stand_behind_the_one_that_libxl_names_last() =>
        Assert.Equal(["a", "b", "c"], Arguments.Parse(["-q", "--disk=b", "--disk", "c", "--output=/o", "a"]).Images);

    [Theory]
    [InlineData("", "no IMAGE given")]
    [InlineData("-q", "no IMAGE given")]
    [InlineData("--disk=b", "no IMAGE given")]
    [InlineData("--disk= a", "--disk is empty")]
    [InlineData("--isconfig --disk=b a", "--isconfig takes one file")]
    [InlineData("--output-format=xml d", "unknown output format \"xml\"")]
    [InlineData("--unpack=yes d", "--unpack \"yes\": auto, always or never")]
    [InlineData("--type=hvm d", "--type \"hvm\": pv or pvh")]
    [InlineData("--offset=1k d", "--offset \"1k\": must be a number of bytes")]
    [InlineData("--offset=-512 d", "--offset \"-512\": must be a number of bytes")]
    [InlineData("--offset=99999999999999999999 d", "must be a number of bytes")]
    [InlineData("--output= d", "--output is empty")]
    [InlineData("--output-directory= d", "--output-directory is empty")]
    [InlineData("--runas= d", "--runas is empty")]
    [InlineData("--isconfig a b", "--isconfig takes one file")]
    [InlineData("--o=x d", "option --o not a unique prefix: --output, --output-format, --output-directory, --offset")]
    [InlineData("--entry", "option --entry requires argument")]
    [InlineData("--quiet=1 d", "option --quiet must not have an argument")]
    [InlineData("--nope d", "option --nope not recognized")]
    [InlineData("-x d", "option -x not recognized")]
    public void Refuses(string line, string problem)
    {
        ExtractException e = Assert.Throws<ExtractException>(() => Arguments.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(ExitCode.Usage, e.Code);
        Assert.Contains(problem, e.Message);
        Assert.EndsWith("see pygrub-rbd --help", e.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("99999999999")]
    public void A_limit_that_is_no_sensible_number_is_refused(string value)
    {
        if (value.Length == 0)
        {
            Assert.Equal(128L << 20, StageLimits.From(_ => value).MaxFileBytes); // set but empty is as good as not set
            return;
        }

        Assert.Contains($"PYGRUB_MAX_FILE_SIZE_MB=\"{value}\"", Assert.Throws<StageException>(() => StageLimits.From(_ => value)).Message);
    }

    [Fact]
    public void The_defaults_are_pygrubs_and_stay_below_libxls_deadline() =>
        Assert.Equal(new StageLimits(128L << 20, 256L << 20, 100), StageLimits.From(_ => null));
}
