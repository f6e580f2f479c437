using BlockRbd.Unpacking;

namespace BlockRbd.GuestKernel;

/// <summary>Looks at kernels, and unpacks them.</summary>
public static class KernelInspector
{
    /// <summary>What the headers say: a read or two, nothing is unpacked, so the notes stay open.</summary>
    /// <exception cref="KernelException">It is no kernel that Xen could start.</exception>
    public static KernelImage LookAtHeaders(IKernelFile file)
    {
        byte[] head = Head(file);
        if (ElfHead.IsElf(head))
        {
            return new KernelImage(KernelFormat.Elf, Packing.None, ElfHead.Read(head).Bits, 0, file.Size, null, null, "");
        }

        return BzImageHeader.IsBzImage(head)
            ? BzImageHeader.Read(file, head)
            : throw new KernelException(UnpackFault.Corrupt, head.Length == 0 ? "is empty" : "is neither a bzImage nor an ELF file");
    }

    /// <summary>The same with the Xen notes, for which a payload is unpacked as far as they stand in it. Bad bytes in there become <see cref="KernelImage.NotesProblem"/>.</summary>
    /// <exception cref="KernelException">It is no kernel that Xen could start.</exception>
    public static KernelImage Look(IKernelFile file)
    {
        KernelImage image = LookAtHeaders(file);
        if (image.Packing is not { } packing)
        {
            return image with { NotesProblem = "is packed with something unknown" };
        }

        NoteCollector collector = new();
        try
        {
            Copy(file, image, packing, collector, KernelLimits.LookBytes);
            collector.End();
        }
        catch (NoteCollector.EnoughException)
        {
            // the rest holds no notes
        }
        catch (KernelException e)
        {
            return image with { NotesProblem = e.Message };
        }

        return image with { Notes = collector.Notes, Bits = collector.Elf!.Bits };
    }

    /// <summary>Unpacks the payload: what comes out is vmlinux, an ELF file with what Linux' build put behind it.</summary>
    /// <param name="file">The kernel's file.</param>
    /// <param name="image">What its headers said.</param>
    /// <param name="destination">Where it goes. After an exception it holds a part.</param>
    /// <param name="maxBytes">Most bytes that may come out.</param>
    /// <returns>Bytes that came out.</returns>
    /// <exception cref="KernelException">It can't be unpacked, or isn't what its own size says.</exception>
    public static long Unpack(IKernelFile file, KernelImage image, Stream destination, long maxBytes)
    {
        Packing packing = image.Packing ?? throw new KernelException(UnpackFault.Unsupported, "is packed with something unknown");
        if (image.UnpackedSize > maxBytes)
        {
            throw new KernelException(UnpackFault.OverLimit, $"unpacks to {image.UnpackedSize} bytes, more than the {maxBytes} that it may");
        }

        ElfGate gate = new(destination);
        long length = Copy(file, image, packing, gate, maxBytes);
        gate.End();
        return length == (image.UnpackedSize ?? length)
            ? length
            : throw new KernelException(UnpackFault.Corrupt, $"unpacks to {length} bytes, but says itself that it has {image.UnpackedSize}");
    }

    private static long Copy(IKernelFile file, KernelImage image, Packing packing, Stream destination, long maxBytes)
    {
        using FileRange payload = new(file, image.PayloadStart, Math.Max(image.PayloadLength, 0));
        try
        {
            if (packing != Packing.None)
            {
                return Unpacker.Unpack(packing, payload, destination, new UnpackLimits(maxBytes));
            }

            if (payload.Length > maxBytes)
            {
                throw new KernelException(UnpackFault.OverLimit, $"has {payload.Length} bytes, more than the {maxBytes} that it may");
            }

            payload.CopyTo(destination);
            return payload.Length;
        }
        catch (UnpackException e)
        {
            throw new KernelException(e.Fault, $"can't be unpacked: {e.Message}", e);
        }
    }

    private static byte[] Head(IKernelFile file)
    {
        byte[] head = new byte[KernelLimits.ElfHead];
        int length = file.Read(0, head);
        return head[..length];
    }
}
