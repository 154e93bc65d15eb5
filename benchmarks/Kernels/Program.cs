using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(Kernels.PoolBenchmark).Assembly).Run(args);
