using System.Globalization;
using BlockRbd.BootExtract.Output;
using BlockRbd.GuestKernel;

namespace BlockRbd.BootExtract.Kernels;

/// <summary>What is known of a kernel, for people and as JSON. Texts of the kernel hold a byte in each character.</summary>
internal static class KernelText
{
    /// <summary>Lines of --explain.</summary>
    /// <param name="image">The kernel; null where it is none.</param>
    /// <param name="problem">Why it is none.</param>
    public static IEnumerable<FormattableString> Lines(KernelImage? image, string? problem)
    {
        if (image is null)
        {
            yield return $"  the kernel {problem}";
            yield break;
        }

        string bits = image.Bits is { } known ? $"{known} bits" : "unknown bitness";
        yield return image.Format == KernelFormat.Elf
            ? (FormattableString)$"  the kernel is an ELF file, {bits}"
            : $"  the kernel is a bzImage, boot protocol {Protocol(image)}, {bits}, packed with {image.PackingName}{(image.UnpackedSize is { } size ? $", {size} bytes unpacked" : "")}";
        if (image.Version.Length > 0)
        {
            yield return $"  version: {image.Version}";
        }

        if (image.Notes is not { } notes)
        {
            yield return $"  Xen notes: unknown: it {image.NotesProblem}";
        }
        else if (notes.Count == 0)
        {
            yield return $"  Xen notes: none: no PV or PVH guest";
        }
        else
        {
            yield return $"  Xen notes: PV entry {Address(notes.PvEntry)}, PVH entry {Address(notes.PvhEntry)}, {notes.GuestOs} {notes.GuestVersion}, {notes.XenVersion}, features {notes.Features}";
        }
    }

    /// <summary>An object.</summary>
    public static void Write(JsonText json, KernelImage? image, string? problem)
    {
        json.Open('{');
        if (image is null)
        {
            json.Name("problem").Value(problem).Close('}');
            return;
        }

        json.Name("format").Value(image.Format == KernelFormat.Elf ? "ELF" : "bzImage").Name("bits").Value(image.Bits).Name("packing").Value(image.PackingName)
            .Name("unpacked_size").Value(image.UnpackedSize).Name("boot_protocol").Value(image.BootProtocol is null ? null : Protocol(image))
            .Name("version").Value(image.Version).Name("xen");
        if (image.Notes is { } notes)
        {
            json.Open('{').Name("pv_entry").Value(AddressOrNull(notes.PvEntry)).Name("pvh_entry").Value(AddressOrNull(notes.PvhEntry))
                .Name("guest_os").Value(notes.GuestOs).Name("guest_version").Value(notes.GuestVersion).Name("xen_version").Value(notes.XenVersion)
                .Name("loader").Value(notes.Loader).Name("features").Value(notes.Features).Name("hypercall_page").Value(AddressOrNull(notes.HypercallPage)).Close('}');
        }
        else
        {
            json.Value((string?)null).Name("problem").Value(image.NotesProblem);
        }

        json.Close('}');
    }

    private static string Protocol(KernelImage image) =>
        string.Create(CultureInfo.InvariantCulture, $"{image.BootProtocol >> 8}.{image.BootProtocol & 0xFF:00}");

    private static string Address(ulong? address) => AddressOrNull(address) ?? "none";

    private static string? AddressOrNull(ulong? address) => address is { } known ? string.Create(CultureInfo.InvariantCulture, $"0x{known:x}") : null;
}
