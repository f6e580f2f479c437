using BlockRbd.Ceph.Native;

namespace BlockRbd.Ceph;

/// <summary>A pool, or one namespace of it. Its cluster must outlive it.</summary>
public sealed class CephPool : IDisposable
{
    internal CephPool(CephCluster cluster, IoContextHandle handle, string name, string namespaceName)
    {
        Cluster = cluster;
        Handle = handle;
        Name = name;
        Namespace = namespaceName;
    }

    /// <summary>The connection.</summary>
    public CephCluster Cluster { get; }

    /// <summary>The pool's name.</summary>
    public string Name { get; }

    /// <summary>The namespace; empty is the default one.</summary>
    public string Namespace { get; }

    /// <summary>The pool's number.</summary>
    public long Id => Rados.IoCtxGetId(Handle);

    internal IoContextHandle Handle { get; }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    /// <summary>An image's name for messages: pool/[namespace/]image.</summary>
    internal string Show(string image) => Targets.ImageSpelling.Prefix(Name, Namespace) + image;

    /// <summary>Asks, within the cluster's deadline.</summary>
    internal int Run(ReadOperation operation, string objectName)
    {
        Cluster.Bound();
        return operation.Run(Handle, objectName);
    }

    /// <summary>Does it, within the cluster's deadline.</summary>
    internal int Run(WriteOperation operation, string objectName)
    {
        Cluster.Bound();
        return operation.Run(Handle, objectName);
    }

    internal CephException Failure(int result, string what) => CephFailure.Of(result, Cluster.User, what);
}
