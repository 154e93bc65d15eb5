using System.Numerics;
using System.Numerics.Tensors;
using System.Text;
using Cenote.Cli;

namespace Cenote.Tests.Cli;

public sealed class NpyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_type_comes_back_as_it_went()
    {
        Check<Half>("float16");
        Check<float>("float32");
        Check<double>("float64");
        Check<sbyte>("int8");
        Check<short>("int16");
        Check<int>("int32");
        Check<long>("int64");
        Check<byte>("uint8");
        Check<ushort>("uint16");
        Check<uint>("uint32");
        Check<ulong>("uint64");

        void Check<T>(string name)
            where T : unmanaged, INumber<T>
        {
            T[] cells = [.. Enumerable.Range(0, 24).Select(T.CreateChecked)];
            NpyFile.Write(_folder["x.npy"], Tensor.Create(cells, [2, 3, 4]));
            NpyArray array = NpyFile.Read(_folder["x.npy"]);
            Assert.IsType<NpyArray<T>>(array);
            Assert.Equal(name, NpyType.Of<T>().Name);
            Assert.Equal([2, 3, 4], array.Shape);
            Assert.Equal(cells.Select(double.CreateChecked), array.Accept(new Cells()));
        }
    }

    [Fact]
    public void Big_endian_and_column_major_are_read()
    {
        byte[] cells = [.. Enumerable.Range(0, 6).SelectMany(i => new byte[] { (byte)i, 1 })];
        Write("{'descr': '>i2', 'fortran_order': False, 'shape': (2, 3), }", cells);
        Assert.Equal([1.0, 257, 513, 769, 1025, 1281], NpyFile.Read(_folder["x.npy"]).Accept(new Cells()));
        Write("{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3), }", cells);
        Assert.Equal([256.0, 258, 260, 257, 259, 261], NpyFile.Read(_folder["x.npy"]).Accept(new Cells()));
        Write("{'descr': '|u1', 'fortran_order': True, 'shape': (1, 2, 1, 6), }", cells);
        Assert.Equal(cells.Where((_, i) => i % 2 == 0).Concat(cells.Where((_, i) => i % 2 == 1)).Select(b => (double)b), NpyFile.Read(_folder["x.npy"]).Accept(new Cells()));
    }

    [Fact]
    public void Later_versions_of_the_format_are_read()
    {
        Write("{'descr': '<u1', 'fortran_order': False, 'shape': (3,), }", [7, 8, 9], version: 2);
        Assert.Equal([7.0, 8, 9], NpyFile.Read(_folder["x.npy"]).Accept(new Cells()));
        Write("{'descr': '<u1', 'fortran_order': False, 'shape': (3,), }", [7, 8, 9], version: 4);
        Assert.Contains("version 4.0", Assert.Throws<FormatException>(() => NpyFile.Read(_folder["x.npy"])).Message);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999, 99999999999999), }", "claims")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "every length must be a whole number")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", "single number")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "holds [('a', '<f4')]; it must hold one of")]
    [InlineData("{'descr': '<U4', 'fortran_order': False, 'shape': (1,), }", "holds <U4")]
    [InlineData("{'descr': '<f4', 'shape': (1,), }", "header without fortran_order")]
    [InlineData("", "header without descr; it must have a descr, a fortran_order and a shape")]
    public void A_header_that_lies_or_says_nothing_is_refused_before_anything_is_allocated(string header, string expected)
    {
        Write(header, [0, 0, 0, 0]);
        string message = Assert.Throws<FormatException>(() => NpyFile.Read(_folder["x.npy"])).Message;
        Assert.InRange(Allocation.Least(() => Assert.Throws<FormatException>(() => NpyFile.Read(_folder["x.npy"]))), 0, 1 << 20);
        Assert.Contains(expected, message);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("cat x.npy")]
    [InlineData("ends before the cells of (3,) uint8 that its header claims", "head -c -1 x.npy")]
    [InlineData("holds more than the cells of (3,) uint8 that its header claims", "cat x.npy x.npy")]
    public void A_pipe_is_read_as_a_file_is(params string[] refusalAndCommand)
    {
        Write("{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }", [7, 8, 9]);
        CommandRun run = CommandRun.OfBash(_folder.Path, $"{refusalAndCommand[^1]} | cenote pool global-max /dev/stdin --rank 1 --json");
        string text = run.Output + run.Error;
        if (refusalAndCommand.Length == 1) Assert.Contains("\"values\":[9]", text);
        else Assert.Equal($"error: '/dev/stdin' {refusalAndCommand[0]}", text.TrimEnd());
    }

    private void Write(string header, byte[] cells, byte version = 1)
    {
        byte[] text = Encoding.ASCII.GetBytes(header + "\n");
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length);
        File.WriteAllBytes(_folder["x.npy"], [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. cells]);
    }

    private sealed record Cells : INpyVisitor<double[]>
    {
        public double[] Visit<T>(Tensor<T> tensor)
            where T : unmanaged, INumber<T> => [.. tensor.ToArray().Select(double.CreateChecked)];
    }
}
