using System.Globalization;
using BlockRbd.MenuLstGen.Output;
using BlockRbd.TwoStages;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.MenuLstGen.Confined;

/// <summary>Sends what was made of a guest to the process that has the rights: a message for each initrd with its bytes behind it, one for the menu.</summary>
/// <param name="pipe">The answer's pipe.</param>
internal sealed class PipeOutput(SafeFileHandle pipe) : IGenOutput
{
    /// <summary>First text of an initrd's message: menu path, name, parts and size follow.</summary>
    public const string InitrdVerb = "initrd";

    /// <summary>First text of the menu's message: the text follows.</summary>
    public const string MenuVerb = "menu";

    /// <inheritdoc/>
    /// <exception cref="StageGoneException">Nobody takes it.</exception>
    public void Initrd(MergedName initrd, IMergedContent content)
    {
        MessagePipe.Send(
            pipe,
            [InitrdVerb, initrd.MenuPath, initrd.Name, initrd.Parts.ToString(CultureInfo.InvariantCulture), content.Size.ToString(CultureInfo.InvariantCulture)]);
        content.CopyTo(bytes =>
        {
            if (!DescriptorPieces.TryWrite(pipe, bytes.Span))
            {
                throw new StageGoneException();
            }
        });
    }

    /// <inheritdoc/>
    /// <exception cref="StageGoneException">Nobody takes it.</exception>
    public void Menu(string text) => MessagePipe.Send(pipe, [MenuVerb, text]);
}
