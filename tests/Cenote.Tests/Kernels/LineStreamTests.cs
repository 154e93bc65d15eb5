using System.Runtime.InteropServices;
using Cenote.Kernels;
using CsCheck;

namespace Cenote.Tests.Kernels;

/// <summary>Cells written around the caches arrive, all of them and no others.</summary>
public unsafe class LineStreamTests
{
    [Fact]
    public void Every_cell_arrives_and_none_beside() => Gen.Select(Gen.Int[0, 200], Gen.Int[0, LineStream<ushort>.PieceCells].List[0, 40]).Sample((start, pieces) =>
    {
        ushort[] output = new ushort[start + pieces.Sum() + 200];
        byte* aside = (byte*)NativeMemory.AlignedAlloc(LineStream<ushort>.AsideBytes, 64);
        ushort next = 0;
        fixed (ushort* to = output)
        {
            LineStream<ushort> stream = new(aside, to + start);
            foreach (int count in pieces)
            {
                // A register may run on beyond what is taken.
                for (int i = 0; i < count + 32; i++) stream.Next[i] = i < count ? ++next : ushort.MaxValue;
                stream.Take(count);
            }
            stream.End();
        }
        NativeMemory.AlignedFree(aside);
        ushort[] expected = new ushort[output.Length];
        for (int i = 0; i < next; i++) expected[start + i] = (ushort)(i + 1);
        Assert.Equal(expected, output);
    });
}
