using System.Globalization;

namespace BlockRbd.Mapper;

/// <summary>A moment as records, tables and JSON show it: UTC, to the second.</summary>
internal static class Stamp
{
    /// <summary>"2026-11-23T10:00:00Z".</summary>
    public static string Of(DateTime utc) => utc.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
