using System.Globalization;

namespace BlockRbd.Xen;

/// <summary>
/// What the script leaves in the disk's folder for libxl and the backend driver. Each answer is one transaction: blkback starts on
/// `physical-device` at once, libxl looks at `hotplug-status`, and nobody may ever see half an answer, also when this is killed.
/// </summary>
public static class HotplugAnswer
{
    // xenstored's values end at 4096 bytes with the path; a sentence needs less.
    private const int MaxError = 1000;

    private const string Status = "hotplug-status";
    private const string Error = "hotplug-error";
    private const string PhysicalDevice = "physical-device";
    private static readonly string[] Device = [PhysicalDevice, "physical-device-path", "node"];

    /// <summary>The disk is ready.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="path">The disk's folder.</param>
    /// <param name="major">The block device's numbers.</param>
    /// <param name="minor">See major.</param>
    /// <param name="devicePath">/dev/rbd0.</param>
    /// <exception cref="AttachRequestException">The folder is gone: libxl has given the disk up.</exception>
    public static void Connected(XenStore store, XenbusPath path, uint major, uint minor, string devicePath) => store.Transact(view =>
    {
        if (!view.Exists(path.Node("frontend-id")))
        {
            throw new AttachRequestException($"{path} is gone: the disk was given up meanwhile"); // a write would make it anew, for nobody
        }

        view.Write(path.Node("node"), devicePath);
        view.Write(path.Node("physical-device-path"), devicePath);
        view.Write(path.Node(PhysicalDevice), Format(major, minor));
        RemoveIfThere(view, path, Error);
        view.Write(path.Node(Status), "connected");
    });

    /// <summary>It did not work; the sentence is what xl shows. Does nothing where the folder is gone.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="path">The disk's folder.</param>
    /// <param name="sentence">Why.</param>
    /// <param name="isAttached">The disk still has its device (a detach failed): what the folder says of it stays.</param>
    public static void Failed(XenStore store, XenbusPath path, string sentence, bool isAttached = false) => store.Transact(view =>
    {
        if (view.Exists(path.Node("frontend-id")))
        {
            foreach (string name in isAttached ? [] : Device)
            {
                RemoveIfThere(view, path, name); // of an answer that had to be taken back
            }

            view.Write(path.Node(Error), Short(sentence));
            view.Write(path.Node(Status), "error");
        }
    });

    /// <summary>The disk was let go of: takes the answer back, as far as the folder is still there.</summary>
    public static void Detached(XenStore store, XenbusPath path) => store.Transact(view =>
    {
        foreach (string name in (IEnumerable<string>)[Status, Error, .. Device])
        {
            RemoveIfThere(view, path, name);
        }
    });

    /// <summary>The device that the folder names while its status is connected; null otherwise.</summary>
    /// <returns>"fd:0".</returns>
    public static string? ConnectedDevice(XenStore store, XenbusPath path) =>
        store.TryRead(path.Node(Status)) == "connected" ? store.TryRead(path.Node(PhysicalDevice)) : null;

    /// <summary>Numbers as blkback reads them: "maj:min", in hexadecimal (drivers/block/xen-blkback/xenbus.c, "%x:%x").</summary>
    public static string Format(uint major, uint minor) => string.Create(CultureInfo.InvariantCulture, $"{major:x}:{minor:x}");

    private static string Short(string sentence) =>
        sentence.Length <= MaxError ? sentence : sentence[..(char.IsHighSurrogate(sentence[MaxError - 1]) ? MaxError - 1 : MaxError)];

    private static void RemoveIfThere(XenStoreView view, XenbusPath path, string name)
    {
        if (view.Exists(path.Node(name)))
        {
            view.Remove(path.Node(name));
        }
    }
}
