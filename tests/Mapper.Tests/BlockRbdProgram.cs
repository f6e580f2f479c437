using BlockRbd.Testing;

namespace BlockRbd.Mapper.Tests;

/// <summary>The program itself: the natively compiled one where it was published after the last build, else the one just built.</summary>
internal static class BlockRbdProgram
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        string built = Repo.Below("artifacts", "bin", "Mapper", "release", "block-rbd");
        string native = Repo.Below("artifacts", "publish", "Mapper", "release_linux-x64", "block-rbd");
        string library = System.IO.Path.ChangeExtension(built, ".dll");
        return File.Exists(native) && (!File.Exists(library) || File.GetLastWriteTimeUtc(native) >= File.GetLastWriteTimeUtc(library)) ? native : built;
    }
}
