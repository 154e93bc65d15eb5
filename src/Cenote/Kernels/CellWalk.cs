namespace Cenote.Kernels;

/// <summary>Output by output, tap by tap, row by row, left to right: where the order of the taps matters, or their positions.</summary>
internal static unsafe class CellWalk
{
    /// <summary>Walks every output of the geometry over a dense input.</summary>
    public static void Run<T, TVisitor>(in Geometry geometry, T* input, TVisitor visitor)
        where T : unmanaged
        where TVisitor : struct, ICellVisitor<T>
    {
        (long outer, Axis depth, Axis height, Axis width, long inner) = geometry;
        long inputPlane = geometry.InputPlane * inner, output = 0;
        for (long o = 0; o < outer; o++, input += inputPlane)
        for (long od = 0; od < depth.OutputLength; od++)
        {
            TapRange d = depth.Taps(od);
            long depthDivisor = depth.Divisor(od, visitor.CountsPadding);
            for (long oh = 0; oh < height.OutputLength; oh++)
            {
                TapRange h = height.Taps(oh);
                long heightDivisor = depthDivisor * height.Divisor(oh, visitor.CountsPadding);
                for (long ow = 0; ow < width.OutputLength; ow++)
                {
                    TapRange w = width.Taps(ow);
                    long divisor = heightDivisor * width.Divisor(ow, visitor.CountsPadding);
                    for (long channel = 0; channel < inner; channel++, output++)
                    {
                        visitor.Open();
                        for (long i = 0; i < d.Count; i++)
                        for (long j = 0; j < h.Count; j++)
                        {
                            long row = ((d.First + i * d.Step) * height.InputLength + h.First + j * h.Step) * width.InputLength;
                            for (long k = 0; k < w.Count; k++)
                            {
                                long index = row + w.First + k * w.Step;
                                visitor.Visit(input[index * inner + channel], index);
                            }
                        }
                        visitor.Close(output, divisor);
                    }
                }
            }
        }
    }
}
