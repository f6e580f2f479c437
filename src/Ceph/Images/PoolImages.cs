namespace BlockRbd.Ceph.Images;

/// <summary>All images of a pool: for people's overviews, never on the way of an attach.</summary>
public static class PoolImages
{
    private const string NamePrefix = "name_"; // cls/rbd/cls_rbd.cc dir_key_for_name

    /// <summary>Name and id of each image, by name.</summary>
    /// <exception cref="CephException">The pool can't be read.</exception>
    public static IEnumerable<KeyValuePair<string, string>> List(CephPool pool)
    {
        for (string after = ""; ;)
        {
            List<KeyValuePair<string, byte[]>> page = Page(pool, after);
            foreach ((string key, byte[] value) in page)
            {
                yield return new(key[NamePrefix.Length..], new CephDecoder($"{key} in pool {pool.Name}", value).Text());
            }

            if (page.Count == 0)
            {
                yield break;
            }

            after = page[^1].Key;
        }
    }

    private static List<KeyValuePair<string, byte[]>> Page(CephPool pool, string after)
    {
        using ReadOperation operation = new();
        ReadOperation.Step keys = operation.OMap(NamePrefix, after);
        int result = pool.Run(operation, ImageObjects.Directory);
        return result switch
        {
            -CephErrno.ENOENT => [],
            < 0 => throw pool.Failure(result, $"listing the images of pool {pool.Name}"),
            _ => keys.Entries(),
        };
    }
}
