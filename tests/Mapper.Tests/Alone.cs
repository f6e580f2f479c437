using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>Tests that freeze or end a daemon of the cluster, or need the machine for themselves: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
