using System.Diagnostics;

namespace BlockRbd.Mapper.Tests;

/// <summary>A place in the stand-in's work at which it waits, for as long as a file exists: tests act there without guessing at times.</summary>
internal sealed class Gate : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _file;

    public Gate(string file)
    {
        _file = file;
        File.Delete(Reached);
        File.WriteAllText(file, "");
    }

    private string Reached => _file + ".reached";

    /// <summary>Returns when the stand-in waits there.</summary>
    public void Await()
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!File.Exists(Reached))
        {
            if (clock.Elapsed > Patience)
            {
                throw new TimeoutException($"nobody came to {_file} within {Patience}");
            }

            Thread.Sleep(5);
        }
    }

    /// <summary>Lets it go on.</summary>
    public void Dispose() => File.Delete(_file);
}
