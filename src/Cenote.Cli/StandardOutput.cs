using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Cenote.Cli;

/// <summary>Where results go. One that is closed or full is a failed run and no wrong usage, and is named: .NET's own words name no file.</summary>
internal sealed class StandardOutput : Stream
{
    private readonly Stream? _stream;

    private StandardOutput(Stream? stream) => _stream = stream;

    /// <summary>
    /// Lets the console write through here, and nothing to standard error where that is closed: its number would go to the next file that is opened.
    /// </summary>
    public static void Take()
    {
        bool closed = IsClosed(1);
        if (IsClosed(2)) Console.SetError(TextWriter.Null);
        Encoding encoding = closed ? Encoding.Default : Console.Out.Encoding;
        Console.SetOut(new StreamWriter(new StandardOutput(closed ? null : Console.OpenStandardOutput()), encoding, bufferSize: 256) { AutoFlush = true });
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            if (_stream is null) throw new UnauthorizedAccessException();
            _stream.Write(buffer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"standard output cannot be written to: {(exception is IOException ? exception.Message : "it is closed")}", exception);
        }
    }

    /// <inheritdoc/>
    public override void Flush() => _stream?.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Whether a number is no open file's.</summary>
    private static bool IsClosed(int descriptor)
    {
        if (OperatingSystem.IsWindows()) return false;
        using SafeFileHandle handle = new(descriptor, ownsHandle: false);
        try
        {
            File.GetUnixFileMode(handle);
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
