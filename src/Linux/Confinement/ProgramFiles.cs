namespace BlockRbd.Linux.Confinement;

/// <summary>What this program needs to be started once more: itself, and the directories of the libraries that it has mapped.</summary>
/// <param name="Program">Its file.</param>
/// <param name="Loader">What its ELF header names as its interpreter, by the name there.</param>
/// <param name="LibraryDirectories">By the names of /proc/self/maps.</param>
internal sealed record ProgramFiles(string Program, string Loader, IReadOnlyList<string> LibraryDirectories)
{
    // The x86-64 psABI's name; links lead to it everywhere.
    private const string LoaderPath = "/lib64/ld-linux-x86-64.so.2";

    /// <summary>All of them.</summary>
    public IReadOnlyList<string> All => [Program, Loader, .. LibraryDirectories];

    /// <summary>This program's.</summary>
    public static ProgramFiles Own()
    {
        string program = Environment.ProcessPath ?? "/proc/self/exe";
        HashSet<string> directories = [];
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            int path = line.IndexOf('/', StringComparison.Ordinal); // proc_pid_maps(5): the path is the only field with one
            if (path >= 0 && line.Contains(".so", StringComparison.Ordinal) && Path.GetDirectoryName(line[path..]) is { } directory)
            {
                directories.Add(directory);
            }
        }

        return new ProgramFiles(program, LoaderPath, [.. directories]);
    }
}
