namespace BlockRbd.Ceph.Mappings;

/// <summary>What a child process left.</summary>
/// <param name="ExitCode">Its exit code, or 128 and the signal that ended it; null where it was ended at the deadline.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record ChildResult(int? ExitCode, string Output, string Error);
