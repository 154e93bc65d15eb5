namespace Comparison;

/// <summary>What one case took everybody, in microseconds, one thread and two.</summary>
internal sealed record Result(Case Case, double Copy, IReadOnlyDictionary<string, (double One, double Two)> Times)
{
    public (double One, double Two) Cenote => Of("Cenote");

    /// <summary>NaN where the library does not compute the case, or is not here.</summary>
    public (double One, double Two) Of(string library) => Times.GetValueOrDefault(library, Published.NotMeasured);

    /// <summary>The fastest peer's time and name: measured, or marked * where a published ratio stands for it.</summary>
    public (double Microseconds, string Name) BestPeer(int threads)
    {
        IEnumerable<(string Name, (double One, double Two) Times)> published = Case.Published?.Here(Of("ONNX Runtime"), Copy) ?? [];
        IEnumerable<(double Microseconds, string Name)> peers =
            from peer in Times.Where(one => one.Key != "Cenote").Select(one => (Name: one.Key, Times: one.Value))
                .Concat(published.Where(one => !Times.ContainsKey(one.Name)).Select(one => (Name: one.Name + "*", one.Times)))
            let time = threads == 1 ? peer.Times.One : peer.Times.Two
            where !double.IsNaN(time)
            select (time, peer.Name);
        return peers.DefaultIfEmpty((double.NaN, "–")).Min();
    }

    /// <summary>How many times faster than the fastest peer.</summary>
    public double Ratio(int threads) => BestPeer(threads).Microseconds / (threads == 1 ? Cenote.One : Cenote.Two);
}
