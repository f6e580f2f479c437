using System.Globalization;
using System.Text;
using BlockRbd.Linux;

namespace BlockRbd.Xen;

/// <summary>A connection to xenstored, over its socket or the kernel's device. For one thread.</summary>
public sealed class XenStore : XenStoreView, IDisposable
{
    internal XenStore(XenStoreConnection connection, Deadline deadline)
        : base(connection, transaction: 0) => Deadline = deadline;

    /// <summary>After a time-out or nonsense nothing more can be asked here; connect again.</summary>
    public bool IsBroken => Connection.IsBroken;

    /// <summary>Connects where this machine's daemon is.</summary>
    /// <exception cref="XenStoreException">It isn't there.</exception>
    public static XenStore Connect(Deadline deadline) =>
        Connect(XenStoreEndpoint.Places(Environment.GetEnvironmentVariable), deadline);

    /// <summary>Connects to the first of some places.</summary>
    public static XenStore Connect(IReadOnlyList<string> places, Deadline deadline) =>
        new(new XenStoreConnection(XenStoreEndpoint.Open(places, deadline)), deadline);

    /// <summary>
    /// Does all of <paramref name="work"/> at once or nothing of it. It runs again, from its start, when somebody else changed what it saw
    /// (EAGAIN); so it may only use the view it is given and must not keep anything from a former run. Nothing is written when it throws.
    /// </summary>
    public T Transact<T>(Func<XenStoreView, T> work)
    {
        for (int attempt = 1; ; attempt++)
        {
            XenStoreView view = new(Connection, Begin()) { Deadline = Deadline };
            T result;
            try
            {
                result = work(view);
            }
            catch
            {
                Abandon(view);
                throw;
            }

            try
            {
                view.End(commit: true);
                return result;
            }
            catch (XenStoreException e) when (e.Error == "EAGAIN" && attempt < XenStoreLimits.MaxTransactionTries && !Deadline.IsOver)
            {
                Thread.Sleep(Math.Min(attempt, 20)); // the others have to get through as well
            }
        }
    }

    /// <summary>As the other one, for work without a result.</summary>
    public void Transact(Action<XenStoreView> work) => Transact(view =>
    {
        work(view);
        return true;
    });

    /// <inheritdoc/>
    public void Dispose() => Connection.Dispose();

    private uint Begin()
    {
        byte[] answer = Ask(XenStoreOp.TransactionStart, "/", [0]);
        bool number = uint.TryParse(Encoding.ASCII.GetString(answer).TrimEnd('\0'), NumberStyles.None, CultureInfo.InvariantCulture, out uint id);
        return number && id != 0 ? id : throw new XenStoreException("transaction-start", "/", "the answer is not a transaction's number");
    }

    private void Abandon(XenStoreView view)
    {
        if (IsBroken)
        {
            return; // the daemon drops our transactions with the connection
        }

        try
        {
            view.End(commit: false);
        }
        catch (XenStoreException)
        {
            // What is being thrown already says more.
        }
    }
}
