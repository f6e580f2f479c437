namespace BlockRbd.BootExtract.CommandLine;

/// <summary>What --help prints. The manual page has each of these options too; a test compares them.</summary>
internal static class HelpText
{
    public const string Text = """
        Usage: pygrub-rbd [OPTION]... IMAGE...
        Hands over the kernel, ramdisk and command line that the guest on IMAGE would boot.
        IMAGE is a disk, a partition or a file that holds one; several are the disks of one guest, its boot disk first.
        Where there is no such file it is an RBD image: pool:image, pool/[namespace/]image[@snapshot][,id=USER][,conf=FILE],
        or QEMU's rbd:pool/image[:id=USER][:conf=FILE]. It is read through its device where it is mapped here, else from the cluster.

        Which entry
          -q, --quiet              take the guest's default entry without asking
          -i, --interactive        show the guest's menu where standard input is a terminal; so it is without -q
              --entry=ENTRY        take this one: its number in the list from 0, its title, its id, or a path "a>b"
              --config=PATH        this file or directory of the guest is its boot configuration, whatever else is there
              --kernel=PATH        this file of the guest is the kernel; no configuration is needed
              --ramdisk=PATH       this file of the guest is the ramdisk
              --args=TEXT          add this to the kernel's command line; with --kernel it is all of it
              --type=pv|pvh            a kernel that Xen can't start so is an error
              --unpack=auto|always|never
                                   unpack the kernel: when Xen's library here is known not to (auto), or as told
              --disk=IMAGE         one more disk of the guest, behind IMAGE: libxl names the boot disk alone
              --offset=BYTES       the boot disk's one filesystem starts here; look for no partitions
              --isconfig           IMAGE is a boot configuration, not a disk: say what it would boot

        What to print
          -l, --list-entries       list the entries and hand nothing over
          -n, --not-really         answer with the guest's own paths and copy nothing
              --explain            say what was found on the disks, which entry boots and why; copy nothing
              --json               lists, explanations and answers as JSON
              --output=FILE        where the answer goes: a FIFO or file; - or nothing for standard output
              --output-format=sxp|simple|simple0
                                   the answer's format (sxp)
              --output-directory=DIR
                                   where kernel and ramdisk go (/var/run/xen/pygrub)

        How to run
              --runas=USER         read the guest's disk as this uid or user name (as root: Xen's user range, else nobody)
              --require-confinement
                                   fail where a layer of the confinement can't be had; --explain shows them
              --debug              errors come with a stack trace
          -h, --help               print this
              --version            print the version

        Limits: PYGRUB_MAX_FILE_SIZE_MB (128), PYGRUB_MAX_MEMORY_MB (256), PYGRUB_MAX_TIME_S (100) in the environment.
        Exit codes and examples: pygrub-rbd(8).

        """;
}
