using BlockRbd.BootConfig;
using BlockRbd.BootExtract.Kernels;

namespace BlockRbd.BootExtract.Output;

/// <summary>Lists and answers as JSON.</summary>
internal static class JsonAnswers
{
    /// <summary>The entries of a menu: <c>{"default":"1>0","entries":[…]}</c>.</summary>
    public static string List(string? defaultIndex, IEnumerable<EntryDescription> entries)
    {
        JsonText json = new();
        json.Open('{').Name("default").Value(defaultIndex).Name("entries").Open('[');
        foreach (EntryDescription entry in entries)
        {
            Entry(json, entry);
        }

        return json.Close(']').Close('}').ToString();
    }

    /// <summary>An answer and the entry that it comes from (null where --kernel named the file).</summary>
    public static byte[] Answer(string kernel, string? ramdisk, BootAnswer answer)
    {
        JsonText json = new();
        json.Open('{').Name("kernel").Value(kernel).Name("ramdisk").Value(ramdisk).Name("args").Value(answer.Arguments).Name("entry");
        if (answer.Entry is { } entry)
        {
            Entry(json, entry);
        }
        else
        {
            json.Value((string?)null);
        }

        return GuestText.ToBytes(json.Close('}').ToString());
    }

    /// <summary>One entry by itself.</summary>
    public static string One(EntryDescription entry)
    {
        JsonText json = new();
        Entry(json, entry);
        return json.ToString();
    }

    /// <summary>A part of a file: <c>{"section":".linux","offset":…,"length":…}</c>; null for a whole one.</summary>
    private static void Slice(JsonText json, FileSlice? slice)
    {
        if (slice is null)
        {
            json.Value((string?)null);
        }
        else
        {
            json.Open('{').Name("section").Value(slice.Name).Name("offset").Value(slice.Offset).Name("length").Value(slice.Length).Close('}');
        }
    }

    /// <summary>One entry.</summary>
    private static void Entry(JsonText json, EntryDescription entry)
    {
        json.Open('{').Name("index").Value(entry.Index).Name("title").Value(entry.Title).Name("id").Value(entry.Id)
            .Name("device").Value(entry.Device).Name("kernel").Value(entry.Kernel).Name("initrd").Values(entry.Initrds)
            .Name("args").Value(entry.Arguments);
        if (entry.KernelSlice is not null || entry.InitrdSlices.Any(slice => slice is not null))
        {
            Slice(json.Name("kernel_slice"), entry.KernelSlice);
            json.Name("initrd_slices").Open('[');
            foreach (FileSlice? slice in entry.InitrdSlices)
            {
                Slice(json, slice);
            }

            json.Close(']');
        }

        if (entry.Image is not null || entry.ImageProblem is not null)
        {
            KernelText.Write(json.Name("kernel_image"), entry.Image, entry.ImageProblem);
        }

        if (entry.What is not null)
        {
            json.Name("what").Value(entry.What);
        }

        json.Close('}');
    }
}
