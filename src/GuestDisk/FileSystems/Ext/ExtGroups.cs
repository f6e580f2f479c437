using BlockRbd.GuestDisk.Sources;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>The group descriptors, each read and checked when it is asked for.</summary>
internal sealed class ExtGroups(ExtSuperblock superblock, BlockSource source, BlockCache blocks)
{
    private const int ChecksumOffset = 0x1E; // bg_checksum
    private const string Structure = "ext4 group descriptor";

    /// <summary>First block of the group's inode table.</summary>
    public long InodeTable(long group)
    {
        int perBlock = superblock.BlockSize / superblock.DescriptorSize;
        long block = DescriptorBlock(group / perBlock, perBlock);
        int offset = (int)(group % perBlock) * superblock.DescriptorSize;
        if (block >= superblock.BlocksCount)
        {
            throw new ImageFormatException(
                ImageFault.Corrupt, $"{Structure} {group}", source.Name, -1, $"would stand in block {block} of {superblock.BlocksCount}");
        }

        StructReader descriptor = new StructReader($"{Structure} {group}", source.Name, block * superblock.BlockSize, blocks.Get(block))
            .Inner($"{Structure} {group}", offset, superblock.DescriptorSize);
        CheckChecksum(descriptor, (uint)group);

        // blockgroup.rst "struct ext4_group_desc": bg_inode_table_lo, _hi only with 64bit.
        ulong table = descriptor.U32(0x8);
        if (superblock.DescriptorSize > 32)
        {
            table |= (ulong)descriptor.U32(0x28) << 32;
        }

        if (table <= superblock.FirstDataBlock || table >= (ulong)superblock.BlocksCount)
        {
            descriptor.Corrupt(0x8, $"inode table at block {table} of {superblock.BlocksCount}");
        }

        return (long)table;
    }

    private long DescriptorBlock(long index, int perBlock)
    {
        // The superblock stands in block 1 where blocks have 1 KiB, else in block 0; the descriptors follow it.
        long first = superblock.BlockSize == 1024 ? 2 : 1;
        if (!superblock.Has(ExtIncompat.MetaBg) || index < superblock.FirstMetaBg)
        {
            return first + index;
        }

        // "Meta Block Groups": each block of descriptors stands in the first group that it describes, behind a superblock's copy.
        long group = index * perBlock;
        long start = (group * superblock.BlocksPerGroup) + superblock.FirstDataBlock;
        if (index == 0 && superblock.BlockSize == 1024 && superblock.FirstDataBlock == 0)
        {
            start++;
        }

        return start + (superblock.HasSuperblockCopy(group) ? 1 : 0);
    }

    private void CheckChecksum(StructReader descriptor, uint group)
    {
        ushort computed;
        ReadOnlySpan<byte> bytes = descriptor.Bytes(0, superblock.DescriptorSize);
        if (superblock.HasMetadataChecksums)
        {
            uint crc = ExtChecksum.Crc32COfU32(superblock.ChecksumSeed, group);
            computed = (ushort)(ExtChecksum.Crc32CWithHole(crc, bytes, ChecksumOffset, sizeof(ushort)) & 0xFFFF);
        }
        else if (superblock.Has(ExtRoCompat.GdtCsum))
        {
            Span<byte> number = stackalloc byte[sizeof(uint)];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(number, group);
            computed = ExtChecksum.Crc16(ushort.MaxValue, superblock.Uuid);
            computed = ExtChecksum.Crc16(computed, number);
            computed = ExtChecksum.Crc16(computed, bytes[..ChecksumOffset]);
            computed = ExtChecksum.Crc16(computed, bytes[(ChecksumOffset + sizeof(ushort))..]);
        }
        else
        {
            return;
        }

        if (!StoredChecksum.Matches(descriptor.U16(ChecksumOffset), computed))
        {
            descriptor.Corrupt(ChecksumOffset, $"checksum is 0x{descriptor.U16(ChecksumOffset):x4}, computed 0x{computed:x4}");
        }
    }
}
