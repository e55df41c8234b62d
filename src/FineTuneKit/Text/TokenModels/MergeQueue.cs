namespace FineTuneKit.Text;

/// <summary>
/// Neighbours that wait to be merged: the lowest rank first, the leftmost of equals. A word goes through a heap. A long
/// piece goes through one list of places a rank, which are taken in the order in which they mostly come, so that a megabyte
/// of one letter costs about as much as a megabyte of words.
/// </summary>
internal sealed class MergeQueue
{
    // Shorter pieces have about as many ranks as places.
    private const int LongPiece = 256;

    private readonly PriorityQueue<int, ulong> _heap = new();
    private readonly Dictionary<int, RankedPlaces> _places = [];
    private readonly PriorityQueue<RankedPlaces, int> _waiting = new();
    private RankedPlaces? _current;
    private bool _isLong;

    /// <summary>Forgets what is in it and makes ready for a piece of so many symbols.</summary>
    public void Clear(int symbols)
    {
        _heap.Clear();
        _places.Clear();
        _waiting.Clear();
        _current = null;
        _isLong = symbols >= LongPiece;
    }

    public void Enqueue(int rank, int place)
    {
        if (!_isLong)
        {
            _heap.Enqueue(rank, ((ulong)(uint)rank << 32) | (uint)place);
            return;
        }
        if (!_places.TryGetValue(rank, out RankedPlaces? places)) _places[rank] = places = new(rank);
        if (places.IsEmpty && places != _current) _waiting.Enqueue(places, rank);
        places.Add(place);
    }

    public bool TryDequeue(out int rank, out int place)
    {
        if (!_isLong)
        {
            bool any = _heap.TryDequeue(out rank, out ulong order);
            place = (int)(uint)order;
            return any;
        }
        if (_current is not { IsEmpty: false } || (_waiting.TryPeek(out _, out int lowest) && lowest < _current.Rank))
        {
            // A merge can make a pair of a lower rank than those that are being taken.
            if (_current is { IsEmpty: false } interrupted) _waiting.Enqueue(interrupted, interrupted.Rank);
            if (!_waiting.TryDequeue(out _current, out _))
            {
                (rank, place) = (0, 0);
                return false;
            }
        }
        (rank, place) = (_current.Rank, _current.Take());
        return true;
    }

    /// <summary>The places of one rank, from left to right.</summary>
    private sealed class RankedPlaces(int rank)
    {
        private int[] _places = new int[4];
        private int _next, _count;
        private bool _isSorted = true;

        public int Rank => rank;

        public bool IsEmpty => _next == _count;

        public void Add(int place)
        {
            if (IsEmpty) (_next, _count, _isSorted) = (0, 0, true);
            else if (_isSorted && place < _places[_count - 1])
            {
                if (_next > 0 && place <= _places[_next])
                {
                    _places[--_next] = place;
                    return;
                }
                _isSorted = false;
            }
            if (_count == _places.Length) Array.Resize(ref _places, _count * 2);
            _places[_count++] = place;
        }

        public int Take()
        {
            if (!_isSorted) Array.Sort(_places, _next, _count - _next);
            _isSorted = true;
            return _places[_next++];
        }
    }
}
