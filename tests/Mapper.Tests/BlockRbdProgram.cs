using BlockRbd.Testing;

namespace BlockRbd.Mapper.Tests;

/// <summary>The program itself: BLOCK_RBD_PROGRAM, else the native one where nothing has changed since it was made, else the one just built.</summary>
internal static class BlockRbdProgram
{
    public static string Path { get; } = Environment.GetEnvironmentVariable("BLOCK_RBD_PROGRAM") is { Length: > 0 } path ? path : Find();

    private static string Find()
    {
        DateTime changed = Directory.EnumerateFiles(Repo.Below("src"), "*.cs", SearchOption.AllDirectories).Max(File.GetLastWriteTimeUtc);
        string[] natives = [Repo.Below("out", "block-rbd"), Repo.Below("artifacts", "publish", "Mapper", "release_linux-x64", "block-rbd")];
        return natives.FirstOrDefault(native => File.Exists(native) && File.GetLastWriteTimeUtc(native) >= changed)
            ?? Repo.Below("artifacts", "bin", "Mapper", "release", "block-rbd");
    }
}
