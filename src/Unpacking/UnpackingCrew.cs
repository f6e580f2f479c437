namespace BlockRbd.Unpacking;

/// <summary>
/// Threads of this process that unpack ahead of who reads. There are none until a program starts them, which one that confines itself does before: afterwards it may
/// start no thread. Without them everything is unpacked where it is asked for.
/// </summary>
public static class UnpackingCrew
{
    /// <summary>Threads besides the one that reads; more were not seen to help, and each wants memory of its own.</summary>
    public const int MaxWorkers = 3;

    private static readonly Queue<UnpackingTask> Tasks = [];
    private static readonly Lock Starting = new();

    /// <summary>Threads at work besides the one that reads.</summary>
    public static int Workers { get; private set; }

    /// <summary>Starts one thread for each processor besides the first; they end with the process. Returns when they wait for work. Started once, however often it is called.</summary>
    /// <param name="processors">Processors that may be used.</param>
    public static void Start(int processors)
    {
        lock (Starting)
        {
            int wanted = Math.Min(processors - 1, MaxWorkers);
            using CountdownEvent ready = new(Math.Max(wanted - Workers, 0) + 1);
            for (; Workers < wanted; Workers++)
            {
                // Decoders keep little on the stack, and the rest is never touched.
                new Thread(() => Run(ready), maxStackSize: 256 << 10) { IsBackground = true }.Start();
            }

            ready.Signal();
            ready.Wait();
        }
    }

    /// <summary>Has it done by whoever comes first.</summary>
    public static void Add(UnpackingTask task)
    {
        lock (Tasks)
        {
            Tasks.Enqueue(task);
            Monitor.Pulse(Tasks);
        }
    }

    /// <summary>Does one task that nobody has begun.</summary>
    /// <returns>False where there is none.</returns>
    internal static bool Help()
    {
        while (true)
        {
            UnpackingTask? task;
            lock (Tasks)
            {
                if (!Tasks.TryDequeue(out task))
                {
                    return false;
                }
            }

            if (task.TryRun())
            {
                return true;
            }
        }
    }

    private static void Run(CountdownEvent ready)
    {
        lock (Tasks)
        {
            ready.Signal();
        }

        while (true)
        {
            UnpackingTask? task;
            lock (Tasks)
            {
                while (!Tasks.TryDequeue(out task))
                {
                    Monitor.Wait(Tasks);
                }
            }

            task.TryRun();
        }
    }
}
