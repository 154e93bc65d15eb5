using Cenote;

namespace Comparison;

/// <summary>The table of the performance goals: every row for average and for max, the gradients, some norms, and regions.</summary>
internal static class Cases
{
    private static readonly (double, double) None = Published.NotMeasured;

    public static IEnumerable<Case> All() =>
    [
        .. Both("k2s2 [4,32,28,28]", [4, 32, 28, 28], new((2, 2)), max: new((667, 355), (18.8, 16.2), (20.9, 19.4), 8.2)),
        .. Both("k2s2 [8,64,112,112]", [8, 64, 112, 112], new((2, 2)),
            max: new((42087, 25693), (5689, 3558), (2565, 1858), 2269), average: new((11688, 9043), (4958, 3875), (2480, 1713), 1993)),
        .. Both("k2s2 [1,1,257,188]", [1, 1, 257, 188], new((2, 2)), average: new((83.4, 84.7), (64.5, 64.5), (192, double.NaN), 3.4)),
        .. Both("k3s2p1 [1,64,112,112]", [1, 64, 112, 112], new((3, 3)) { Stride = 2, Padding = 1 },
            max: new((7384, 3991), (214, 124), (204, 137), 67.8)),
        .. Both("k3s1p1 [8,64,56,56]", [8, 64, 56, 56], new((3, 3)) { Stride = 1, Padding = 1 },
            average: new((13951, 7296), (1381, 664), (1171, 626), 229)),
        .. Both("k5s1p2 [1,256,20,20]", [1, 256, 20, 20], new((5, 5)) { Stride = 1, Padding = 2 },
            max: new((6465, 3641), (75.9, 61.2), (92.6, 61.9), 7.8)),
        .. Both("k13s1p6 [1,512,20,20]", [1, 512, 20, 20], new((13, 13)) { Stride = 1, Padding = 6 },
            max: new((35970, 18042), (915, 479), (777, 386), 17.3)),
        .. Both("global [32,2048,7,7]", [32, 2048, 7, 7], Window.Global, average: new((408, 300), (1739, 1127), (918, 492), 550)),
        .. Both("global [32,64,112,112]", [32, 64, 112, 112], Window.Global,
            max: new((14969, 7898), (14190, 10632), (9399, 9018), 8392), average: new((3640, 3099), (15430, 10750), (8126, 8528), 8971)),
        .. Both("k3s2p1d2 [8,64,56,56]", [8, 64, 56, 56], new((3, 3)) { Stride = 2, Padding = 1, Dilation = 2 },
            max: new((11307, 6511), (689, 408), None, 252)),
        .. Both("k31s1p15 [1,16,256,256]", [1, 16, 256, 256], new((31, 31)) { Stride = 1, Padding = 15 },
            max: new((913486, 467378), (20952, 10743), None, 108)),
        .. Both("1-D k2s2 [16,64,16000]", [16, 64, 16000], new(2), max: new((6564, 3806), (9913, 5141), (192820, double.NaN), 5137)),
        .. Both("3-D k2s2 [2,16,16,56,56]", [2, 16, 16, 56, 56], new((2, 2, 2)), max: new((7953, 4240), (323, 277), (11410, double.NaN), 229)),
        .. Both("adaptive 7x7 [8,512,14,14]", [8, 512, 14, 14], Window.Adaptive((7, 7)),
            average: new((1696, 1193), (218, 206), (210, 227), 66.6)),
        .. Both("adaptive 7x7 [8,512,17,23]", [8, 512, 17, 23], Window.Adaptive((7, 7)), average: new((3797, 1846), None, None, 272)),
        .. Both("channels-last k3s2p1 [8,112,112,64]", [8, 112, 112, 64],
            new((3, 3)) { Stride = 2, Padding = 1, Layout = Layout.ChannelsLast }, max: new((3011, 2359), None, None, 2134) { Xnnpack = (1877, 1153) }),
        .. Both("channels-last k2s2 [8,112,112,64]", [8, 112, 112, 64], new((2, 2)) { Layout = Layout.ChannelsLast }),
        .. Both("channels-last global [32,7,7,2048]", [32, 7, 7, 2048], Window.Global with { Layout = Layout.ChannelsLast }),
        new("k2s2 [8,64,112,112]", Operator.MaxWithIndices, [8, 64, 112, 112], new((2, 2)), new((40613, 19739), None, None, 2000)),
        new("k3s2p1 [8,64,112,112]", Operator.MaxWithIndices, [8, 64, 112, 112], new((3, 3)) { Stride = 2, Padding = 1 }),
        new("k3s1p1 [8,64,56,56]", Operator.MaxWithIndices, [8, 64, 56, 56], new((3, 3)) { Stride = 1, Padding = 1 }),
        new("channels-last k2s2 [8,112,112,64]", Operator.MaxWithIndices, [8, 112, 112, 64], new((2, 2)) { Layout = Layout.ChannelsLast }),
        new("channels-last k3s2p1 [8,112,112,64]", Operator.MaxWithIndices, [8, 112, 112, 64], new((3, 3)) { Stride = 2, Padding = 1, Layout = Layout.ChannelsLast }),
        .. Backward("k2s2 [8,64,112,112]", [8, 64, 112, 112], new((2, 2)),
            max: new((3139, 2199), None, None, 1840), average: new((13022, 8443), None, None, 1961)),
        .. Backward("k3s2p1 [8,64,112,112]", [8, 64, 112, 112], new((3, 3)) { Stride = 2, Padding = 1 }),
        .. Backward("k3s1p1 [8,64,56,56]", [8, 64, 56, 56], new((3, 3)) { Stride = 1, Padding = 1 }),
        .. Backward("k3s3 [8,64,112,112]", [8, 64, 112, 112], new((3, 3))),
        .. Backward("k4s4 [8,64,112,112]", [8, 64, 112, 112], new((4, 4))),
        .. Backward("k2s2 [8,64,111,113] ceil", [8, 64, 111, 113], new((2, 2)) { CeilMode = true }),
        .. Backward("k3x2s2x1 d2x1 [8,64,56,56]", [8, 64, 56, 56], new((3, 2)) { Stride = (2, 1), Dilation = (2, 1) }),
        .. Backward("k13s1p6 [1,512,20,20]", [1, 512, 20, 20], new((13, 13)) { Stride = 1, Padding = 6 }),
        .. Backward("global [32,2048,7,7]", [32, 2048, 7, 7], Window.Global),
        .. Backward("adaptive 7x7 [8,512,17,23]", [8, 512, 17, 23], Window.Adaptive((7, 7))),
        .. Backward("1-D k2s2 [16,64,16000]", [16, 64, 16000], new(2)),
        .. Backward("3-D k2s2 [2,16,16,56,56]", [2, 16, 16, 56, 56], new((2, 2, 2))),
        .. Backward("channels-last k2s2 [8,112,112,64]", [8, 112, 112, 64], new((2, 2)) { Layout = Layout.ChannelsLast }),
        .. Backward("channels-last k3s2p1 [8,112,112,64]", [8, 112, 112, 64], new((3, 3)) { Stride = 2, Padding = 1, Layout = Layout.ChannelsLast }),
        new("k2s2 [8,64,56,56]", Operator.Norm, [8, 64, 56, 56], new((2, 2))),
        new("k3s1 [8,64,56,56]", Operator.Norm, [8, 64, 56, 56], new((3, 3)) { Stride = 1 }),
        new("global [32,2048,7,7]", Operator.Norm, [32, 2048, 7, 7], Window.Global),
        .. Regions("100 of [1,256,50,68]", [1, 256, 50, 68], new(100, 1 / 16f)),
        .. Regions("512 of [1,256,50,68]", [1, 256, 50, 68], new(512, 1 / 16f)),
        .. Regions("512 of [2,64,100,136]", [2, 64, 100, 136], new(512, 1 / 8f)),
    ];

    private static IEnumerable<Case> Both(string name, nint[] shape, Window window, Published? max = null, Published? average = null) =>
        [new(name, Operator.Max, shape, window, max), new(name, Operator.Average, shape, window, average)];

    private static IEnumerable<Case> Regions(string name, nint[] shape, Proposals boxes)
    {
        Window bins = Window.Adaptive((7, 7));
        Proposals twice = boxes with { SamplingRatio = 2 };
        return
        [
            new($"2x2 {name}", Operator.RoiAlign, shape, bins, Boxes: twice), new($"adaptive {name}", Operator.RoiAlign, shape, bins, Boxes: boxes),
            new($"2x2 {name}", Operator.RoiAlignMax, shape, bins, Boxes: twice), new($"adaptive {name}", Operator.RoiAlignMax, shape, bins, Boxes: boxes),
            new(name, Operator.RoiPool, shape, bins, Boxes: boxes),
        ];
    }

    private static IEnumerable<Case> Backward(string name, nint[] shape, Window window, Published? max = null, Published? average = null) =>
        [new(name, Operator.MaxBackward, shape, window, max), new(name, Operator.AverageBackward, shape, window, average)];
}
