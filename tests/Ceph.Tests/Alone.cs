using Xunit;

namespace BlockRbd.Ceph.Tests;

/// <summary>Tests that count the OSD's operations, or freeze a daemon: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
