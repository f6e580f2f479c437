using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>What every part of the reader works on: superblock, addresses, checked tree blocks through a small cache.</summary>
internal sealed class BtrfsVolume
{
    private readonly BtrfsAddressSpace _addresses;
    private readonly HashSet<Guid> _fsIds = [];
    private readonly Dictionary<ulong, Cached> _nodes = [];
    private readonly List<BtrfsDeviceId> _missing = [];
    private readonly int _maxNodes;
    private long _clock;

    /// <exception cref="ImageFormatException">No Btrfs, one that can't be read, or corruption.</exception>
    public BtrfsVolume(BlockSource source, IEnumerable<BlockSource> others)
    {
        SourceName = source.Name;
        BtrfsSuperblock own = BtrfsSuperblock.Read(source);
        BtrfsDevices devices = new(source, own, others);
        Superblock = devices.Newest ?? own;
        _maxNodes = BtrfsLimits.MaxCachedBytes / Superblock.NodeSize;
        _fsIds.Add(Superblock.MetadataUuid);
        _addresses = new BtrfsAddressSpace(SourceName, devices, Superblock.SectorSize);
        _addresses.AddSystemChunks(Superblock);
        ReadChunkTree(devices);
    }

    public BtrfsSuperblock Superblock { get; }

    public string SourceName { get; }

    public BtrfsAddressSpace Addresses => _addresses;

    /// <summary>Devices that belong to the filesystem and aren't there.</summary>
    public IReadOnlyList<BtrfsDeviceId> MissingDevices => _missing;

    /// <summary>A tree's block, from the first copy that is in order.</summary>
    /// <param name="at">Where it stands, and the level and generation that what points to it says.</param>
    /// <exception cref="ImageFormatException">No copy is in order.</exception>
    public BtrfsNode ReadNode(BtrfsRoot at)
    {
        if (!_nodes.TryGetValue(at.Address, out Cached? cached))
        {
            cached = new Cached(ReadCopies(at));
            if (_nodes.Count >= _maxNodes)
            {
                _nodes.Remove(_nodes.MinBy(node => node.Value.LastUse).Key);
            }

            _nodes.Add(at.Address, cached);
        }

        cached.LastUse = ++_clock;
        BtrfsNode node = cached.Node;
        return node.Level == at.Level && node.Generation == at.Generation
            ? node
            : throw Bad(at.Address, $"level {node.Level} of generation {node.Generation} where level {at.Level} of generation {at.Generation} is due");
    }

    private BtrfsNode ReadCopies(BtrfsRoot at)
    {
        if (at.Address % (ulong)Superblock.SectorSize != 0)
        {
            throw Bad(at.Address, "its address is not a sector's");
        }

        IOException? first = null;
        int copies = _addresses.Copies(at.Address);
        for (int copy = 0; copy < copies; copy++)
        {
            try
            {
                return ReadCopy(at, copy);
            }
            catch (IOException e) when (e is ImageFormatException or SourceReadException)
            {
                first ??= e;
            }
        }

        throw first!;
    }

    private BtrfsNode ReadCopy(BtrfsRoot at, int copy)
    {
        byte[] bytes = new byte[Superblock.NodeSize];
        _addresses.Read(at.Address, copy, bytes);
        (string device, long offset) = _addresses.Place(at.Address, copy);
        StructReader block = new(BtrfsNode.StructureName, device, offset, bytes);
        if (!Superblock.Checksum.MatchesOwn(bytes))
        {
            block.Corrupt(0, $"(logical address {at.Address}) its {Superblock.Checksum.Name} does not match");
        }

        if (block.U64(48) != at.Address)
        {
            block.Corrupt(48, $"(logical address {at.Address}) says that it stands at {block.U64(48)}");
        }

        if (!_fsIds.Contains(new Guid(block.Bytes(32, 16), bigEndian: true)))
        {
            block.Corrupt(32, $"(logical address {at.Address}) has another filesystem's UUID");
        }

        // A copy that a lost write left behind has an old generation, and all else in order.
        BtrfsNode node = new(bytes, device, offset);
        if (node.Level != at.Level || node.Generation != at.Generation)
        {
            block.Corrupt(
                80, $"(logical address {at.Address}) level {node.Level} of generation {node.Generation} where level {at.Level} of generation {at.Generation} is due");
        }

        return node;
    }

    /// <summary>Devices first: a seed device's blocks carry its own filesystem's UUID, and the chunk tree itself is never on one.</summary>
    private void ReadChunkTree(BtrfsDevices devices)
    {
        BtrfsTree chunks = new(this, Superblock.ChunkTree);
        foreach (BtrfsItem item in chunks.From(new BtrfsKey(BtrfsObject.DevItems, BtrfsItemType.DevItem, 0)))
        {
            if (item.Key.Type == BtrfsItemType.DevItem)
            {
                BtrfsDeviceId device = BtrfsDeviceId.Read(item.Reader("Btrfs device item"));
                _fsIds.Add(device.FsId);
                if (!devices.Has(device) && _missing.Count < BtrfsLimits.MaxDevices)
                {
                    _missing.Add(device);
                }
            }
            else if (item.Key.Type == BtrfsItemType.ChunkItem && item.Key.ObjectId == BtrfsObject.ChunkItems)
            {
                _addresses.Add(item);
            }
        }
    }

    private ImageFormatException Bad(ulong address, string problem)
    {
        (string device, long start) = _addresses.Place(address, 0);
        return new(ImageFault.Corrupt, BtrfsNode.StructureName, device, start, $"(logical address {address}) {problem}");
    }

    private sealed class Cached(BtrfsNode node)
    {
        public BtrfsNode Node { get; } = node;

        public long LastUse { get; set; }
    }
}
