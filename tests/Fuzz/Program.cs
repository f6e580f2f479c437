using System.Diagnostics;
using System.Globalization;
using System.Text;
using BlockRbd.Fuzz;
using BlockRbd.Fuzz.Disks;
using SharpFuzz;

switch (args)
{
    case ["list"]:
        Console.Write(string.Concat(FuzzTargets.All.Select(static target => target.Name + "\n")));
        return 0;
    case ["length", var name]:
        Console.WriteLine(FuzzTargets.Named(name).MaxLength);
        return 0;
    case ["bases"]:
        FuzzTargets.All.Where(static target => target.Bases is not null).ToList().ForEach(static target => BaseMaker.Make(target.Name, target.Bases!));
        return 0;
    case ["seeds", var name, var folder]:
        WriteSeeds(FuzzTargets.Named(name), folder);
        return 0;
    case ["run", var name, .. var files]:
        return Replay(FuzzTargets.Named(name), files);
    case ["random", var name, var seconds]:
        return RunRandom(FuzzTargets.Named(name), TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)));
    case ["fuzz", var name]:
        // The table is made inside: what the fuzzer's instrumenter has changed can run nowhere else.
        Fuzzer.OutOfProcess.Run(stream => Judge.Run(FuzzTargets.Named(name), ReadAll(stream, FuzzTarget.MostBytes)));
        return 0;
    default:
        Console.Error.WriteLine("usage: list | length TARGET | bases | seeds TARGET FOLDER | run TARGET FILE... | random TARGET SECONDS | fuzz TARGET (below afl-fuzz; see build/fuzz)");
        return 1;
}

// Inputs to begin with, and beside the folder its dictionary in AFL++'s form.
static void WriteSeeds(FuzzTarget target, string folder)
{
    Directory.CreateDirectory(folder);
    int number = 0;
    foreach (byte[] seed in target.Seeds().Concat(target.Corpus.Select(static kept => kept.Bytes)).Where(seed => seed.Length > 0 && seed.Length <= target.MaxLength))
    {
        File.WriteAllBytes(Path.Combine(folder, number++.ToString("00000", CultureInfo.InvariantCulture)), seed);
    }

    StringBuilder words = new();
    foreach (byte[] word in target.Words)
    {
        words.Append('"').Append(string.Concat(word.Select(static b => b is >= 32 and < 127 and not (byte)'"' and not (byte)'\\' ? ((char)b).ToString() : $"\\x{b:X2}"))).Append("\"\n");
    }

    File.WriteAllText(folder.TrimEnd('/') + ".dict", words.ToString());
}

static int Replay(FuzzTarget target, string[] files)
{
    int findings = 0;
    foreach (string file in files)
    {
        try
        {
            Judge.Run(target, File.ReadAllBytes(file));
        }
        catch (Exception e)
        {
            findings++;
            Console.WriteLine($"{file}: {e}");
        }
    }

    Console.WriteLine($"{target.Name}: {files.Length} inputs, {findings} findings");
    return findings == 0 ? 0 : 1;
}

// Without AFL++ and its coverage: how fast a target is, and whether it ends as it may on inputs that are made at random.
static int RunRandom(FuzzTarget target, TimeSpan time)
{
    Mutator mutator = new([.. target.Seeds(), .. target.Corpus.Select(static kept => kept.Bytes)], target);
    long begun = Stopwatch.GetTimestamp();
    int seed = 0;
    for (; Stopwatch.GetElapsedTime(begun) < time; seed++)
    {
        Judge.Run(target, mutator.Make(seed));
    }

    Console.WriteLine($"{target.Name}: {seed} inputs, {seed / Environment.CpuUsage.TotalTime.TotalSeconds:F0} in a second of processor time");
    return 0;
}

static byte[] ReadAll(Stream stream, int most)
{
    byte[] buffer = new byte[most];
    int read = 0;
    for (int count; read < most && (count = stream.Read(buffer, read, most - read)) > 0;)
    {
        read += count;
    }

    return buffer[..read];
}
