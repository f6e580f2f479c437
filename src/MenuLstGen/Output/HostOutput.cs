using System.Text;
using BlockRbd.BootConfig;
using BlockRbd.TwoStages;

namespace BlockRbd.MenuLstGen.Output;

/// <summary>Writes what was made: all of it, or nothing.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="note">Told what a person should know.</param>
internal sealed class HostOutput(GenRequest request, Action<string> note) : IGenOutput, IDisposable
{
    private const uint InitrdMode = 0x180; // 0600: an initrd may hold keys

    private readonly List<(OutputPlace Place, TemporaryFile File, MergedName Name)> _initrds = [];

    /// <inheritdoc/>
    /// <exception cref="GenException">It can't be written.</exception>
    public void Initrd(MergedName initrd, IMergedContent content)
    {
        string path = Path.Combine(request.MergeInitrd!, Encoding.UTF8.GetString(GuestText.ToBytes(initrd.Name)));
        OutputPlace place = OutputPlace.Open(path, request.Root);
        TemporaryFile file;
        try
        {
            file = TemporaryFile.Make(place);
        }
        catch
        {
            place.Dispose();
            throw;
        }

        _initrds.Add((place, file, initrd));
        content.CopyTo(bytes => file.Write(bytes.Span));
    }

    /// <inheritdoc/>
    /// <exception cref="GenException">It can't be written.</exception>
    public void Menu(string text)
    {
        foreach ((OutputPlace place, TemporaryFile file, MergedName name) in _initrds)
        {
            file.Commit(InitrdMode, owner: null);
            note($"{place.Shown}: {name.Parts} initrds as one; the menu calls it {GuestText.Display(name.MenuPath)}");
        }

        if (request.Output is { } path)
        {
            using OutputPlace place = OutputPlace.Open(path, request.Root);
            new MenuFile(place).Replace(text, note);
        }
        else
        {
            Descriptor.Print(MarkedBlock.Of(text));
        }
    }

    /// <summary>What was not put in its place goes.</summary>
    public void Dispose()
    {
        foreach ((OutputPlace place, TemporaryFile file, _) in _initrds)
        {
            file.Dispose();
            place.Dispose();
        }
    }
}
