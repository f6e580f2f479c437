namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>
/// Values by a number, in two arrays: as small as a table can be that may have a million entries. The default value means that there is none.
/// </summary>
/// <typeparam name="T">The value.</typeparam>
/// <param name="most">Entries that there may be.</param>
internal sealed class XfsLogMap<T>(int most)
    where T : struct
{
    private const int FirstCapacity = 1024;

    private long[] _keys = []; // the key plus 1; 0 where the place is free
    private T[] _values = [];

    /// <summary>Entries, those without a value included.</summary>
    public int Count { get; private set; }

    /// <summary>The value of a key, which is not negative.</summary>
    public T this[long key] => Count > 0 && Find(key) is var place && _keys[place] != 0 ? _values[place] : default;

    /// <summary>Sets a value; false where there are as many as there may be.</summary>
    public bool Set(long key, T value)
    {
        if (Count >= _keys.Length / 4 * 3)
        {
            Grow();
        }

        int place = Find(key);
        if (_keys[place] == 0)
        {
            if (Count >= most)
            {
                return false;
            }

            _keys[place] = key + 1;
            Count++;
        }

        _values[place] = value;
        return true;
    }

    /// <summary>Where a key is, or would be.</summary>
    private int Find(long key)
    {
        int mask = _keys.Length - 1;
        int place = HashCode.Combine(key) & mask; // differs with each run: no guest can choose keys that come together
        while (_keys[place] != 0 && _keys[place] != key + 1)
        {
            place = (place + 1) & mask;
        }

        return place;
    }

    private void Grow()
    {
        (long[] keys, T[] values) = (_keys, _values);
        _keys = new long[Math.Max(FirstCapacity, keys.Length * 2)];
        _values = new T[_keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] != 0)
            {
                int place = Find(keys[i] - 1);
                (_keys[place], _values[place]) = (keys[i], values[i]);
            }
        }
    }
}
