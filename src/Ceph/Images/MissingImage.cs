namespace BlockRbd.Ceph.Images;

/// <summary>Why there is no image of a name: looked into only once it isn't there.</summary>
internal static class MissingImage
{
    public static CephException Of(CephPool pool, string name)
    {
        if (Exists(pool, ImageObjects.OldHeader(name)))
        {
            return new CephException(
                CephFault.Unsupported,
                $"image {pool.Show(name)} has the old format 1: 'rbd migration prepare {pool.Show(name)}' makes it a format 2 image");
        }

        if (pool.Namespace.Length > 0 && !HasNamespace(pool))
        {
            return new CephException(
                CephFault.NotFound,
                $"pool {pool.Name} has no namespace {pool.Namespace} ('rbd namespace ls {pool.Name}' shows those it has)", CephErrno.ENOENT);
        }

        string place = pool.Namespace.Length == 0 ? pool.Name : $"{pool.Name}/{pool.Namespace}";
        return new CephException(CephFault.NotFound, $"image {pool.Show(name)} does not exist ('rbd ls {place}' shows those that do)", CephErrno.ENOENT);
    }

    private static bool Exists(CephPool pool, string objectName)
    {
        using ReadOperation operation = new();
        operation.Read(1);
        return pool.Run(operation, objectName) == 0;
    }

    private static bool HasNamespace(CephPool pool)
    {
        using CephPool whole = pool.Cluster.OpenPool(pool.Name);
        using ReadOperation operation = new();
        ReadOperation.Step keys = operation.OMap("name_" + pool.Namespace);
        return whole.Run(operation, ImageObjects.Namespaces) == 0 && keys.Entries().Exists(entry => entry.Key == "name_" + pool.Namespace);
    }
}
