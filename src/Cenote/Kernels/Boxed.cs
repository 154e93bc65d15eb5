using System.Runtime.CompilerServices;

namespace Cenote.Kernels;

/// <summary>A reducer as an object, for the calls of an interface that it need not have; the object is kept for the thread's next call.</summary>
internal static class Boxed<TReducer>
    where TReducer : struct
{
    [ThreadStatic]
    private static object? t_free;

    /// <summary>An object that holds the reducer.</summary>
    public static object Rent(TReducer reducer)
    {
        object box = t_free ?? reducer;
        t_free = null;
        Unsafe.Unbox<TReducer>(box) = reducer;
        return box;
    }

    /// <summary>Keeps an object that is no longer needed.</summary>
    public static void Return(object box) => t_free = box;
}
