using Xunit;

namespace BlockRbd.Programs.Tests;

/// <summary>Tests that freeze a daemon of the cluster: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
