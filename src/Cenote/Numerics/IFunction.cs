using System.Numerics;

namespace Cenote.Numerics;

/// <summary>A function of one number, of a register of them at a time.</summary>
internal interface IFunction
{
    /// <summary>Of each number by itself.</summary>
    Vector<double> Of(Vector<double> x);
}
