namespace BlockRbd.BootExtract.Output;

/// <summary>
/// What must be taken back unless the answer is out: each thing is made and noted in one step, so that a signal's thread never
/// sees one without the other.
/// </summary>
internal sealed class Undo : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stack<Action> _steps = new();

    /// <summary>Makes something; unless that throws, <paramref name="takeBack"/> is noted.</summary>
    /// <param name="make">Must not block for long: a signal waits for its end.</param>
    /// <param name="takeBack">Must not throw.</param>
    public T Do<T>(Func<T> make, Action<T> takeBack)
    {
        lock (_gate)
        {
            T made = make();
            _steps.Push(() => takeBack(made));
            return made;
        }
    }

    /// <summary>The answer is out: everything stays.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _steps.Clear();
        }
    }

    /// <summary>Takes everything back, the last thing first, and keeps every other thread from making more: the process ends now.</summary>
    public void TakeBackForGood()
    {
        _gate.Enter();
        TakeBack();
    }

    /// <summary>Takes back what has not been forgotten.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            TakeBack();
        }
    }

    private void TakeBack()
    {
        while (_steps.TryPop(out Action? step))
        {
            step();
        }
    }
}
