using System.IO.Pipes;
using Cenote.Plotting;

namespace Cenote.Tests.Plotting;

public sealed class PictureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cenote-").FullName;
    private readonly Heatmap _map = Heatmap.Of(HeatmapTests.Matrix([1, 2, 3, 4], 2, 2), "t");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_extension_chooses_the_format()
    {
        _map.Save(InFolder("a.PNG"));
        _map.Save(InFolder("a.svg"));
        Assert.Equal(_map.ToPng(), File.ReadAllBytes(InFolder("a.PNG")));
        Assert.Equal(_map.ToSvg(), File.ReadAllText(InFolder("a.svg")));
        Assert.Equal(["a.PNG", "a.svg"], Files());
    }

    [Fact]
    public void An_unknown_extension_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => _map.Save(InFolder("a.jpg")));
        Assert.Equal($"path must end in .png or .svg (was '{InFolder("a.jpg")}')", error.Message);
        Assert.Empty(Files());
    }

    [Fact]
    public void A_file_is_replaced()
    {
        File.WriteAllText(InFolder("a.png"), "old");
        _map.SavePng(InFolder("a.png"));
        Assert.Equal(_map.ToPng(), File.ReadAllBytes(InFolder("a.png")));
        Assert.Equal(["a.png"], Files());
    }

    [Fact]
    public void A_file_that_is_replaced_keeps_its_permissions()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "permissions are of another kind here");
        if (!OperatingSystem.IsWindows())
        {
            File.WriteAllText(InFolder("a.png"), "old");
            foreach (UnixFileMode mode in (UnixFileMode[])[UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, (UnixFileMode)0b110_110_110])
            {
                File.SetUnixFileMode(InFolder("a.png"), mode);
                File.CreateSymbolicLink(InFolder("link.png"), "a.png");
                _map.SavePng(InFolder("link.png"));
                Assert.Equal(mode, File.GetUnixFileMode(InFolder("a.png")));
                Assert.Equal(_map.ToPng(), File.ReadAllBytes(InFolder("a.png")));
                File.Delete(InFolder("link.png"));
            }
        }
    }

    [Fact]
    public void What_fails_in_any_way_leaves_nothing_behind()
    {
        Assert.Throws<InvalidOperationException>(() => WholeFile.Write(InFolder("a.png"), _ => throw new InvalidOperationException()));
        Assert.Empty(Files());
    }

    [Fact]
    public void A_missing_folder_is_named_and_not_made()
    {
        string folder = InFolder("none");
        var error = Assert.ThrowsAny<IOException>(() => _map.SavePng(Path.Combine(folder, "a.png")));
        Assert.Equal($"cannot write '{Path.Combine(folder, "a.png")}': there is no folder '{folder}'", error.Message);
        Assert.Empty(Files());
    }

    [Fact]
    public void A_folder_is_not_written_over()
    {
        Directory.CreateDirectory(InFolder("a.png"));
        Assert.Equal($"cannot write '{InFolder("a.png")}': it is a folder", Assert.Throws<IOException>(() => _map.SavePng(InFolder("a.png"))).Message);
        Assert.Equal(["a.png"], Files());
    }

    [Fact]
    public void A_name_that_cannot_be_written_leaves_nothing_behind()
    {
        // Longer than file systems take; the file beside it has a short name, so that the renaming is what fails.
        string path = InFolder(new string('n', 300) + ".png");
        var error = Assert.Throws<IOException>(() => _map.SavePng(path));
        Assert.StartsWith($"cannot write '{path}': ", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Empty(Files());
    }

    [Fact]
    public void A_folder_without_permission_is_left_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "permissions are of another kind here");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            try
            {
                Assert.SkipWhen(MayWrite(), "permissions do not bind here, as for root");
                Assert.Throws<IOException>(() => _map.SavePng(InFolder("a.png")));
                Assert.Empty(Files());
            }
            finally
            {
                File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
            }
        }
    }

    [Fact]
    public void A_link_stays_one_and_its_target_is_written()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege here");
        File.WriteAllText(InFolder("target.png"), "old");
        File.CreateSymbolicLink(InFolder("link.png"), "target.png");
        _map.SavePng(InFolder("link.png"));
        Assert.Equal(_map.ToPng(), File.ReadAllBytes(InFolder("target.png")));
        Assert.Equal("target.png", new FileInfo(InFolder("link.png")).LinkTarget);
        Assert.Equal(["link.png", "target.png"], Files());
    }

    [Fact]
    public void A_pipe_is_written_to_and_not_replaced()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self/fd"), "open files have no names here");
        using var from = new AnonymousPipeServerStream(PipeDirection.In);
        using (var to = from.ClientSafePipeHandle)
        {
            _map.SavePng($"/proc/self/fd/{to.DangerousGetHandle()}");
        }

        using var all = new MemoryStream();
        from.CopyTo(all);
        Assert.Equal(_map.ToPng(), all.ToArray());
    }

    [Fact]
    public void Streams_are_written_and_left_open()
    {
        using var stream = new MemoryStream();
        _map.SavePng(stream);
        Assert.Equal(_map.ToPng(), stream.ToArray());
        _map.SaveSvg(stream);
        Assert.Equal(_map.ToPng().Length + System.Text.Encoding.UTF8.GetByteCount(_map.ToSvg()), stream.Length);
    }

    private bool MayWrite()
    {
        try
        {
            File.WriteAllText(InFolder("probe"), "");
            File.Delete(InFolder("probe"));
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string InFolder(string name) => Path.Combine(_folder, name);

    private string[] Files() => [.. Directory.EnumerateFileSystemEntries(_folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
