namespace Cenote.Kernels;

/// <summary>What is done with a kernel once it is made; its type is known then.</summary>
internal interface IKernelUse
{
    void Take<TKernel>(in TKernel kernel)
        where TKernel : struct, ICheckedKernel;
}
