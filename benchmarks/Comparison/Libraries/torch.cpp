// libtorch's pooling over memory that is given, without gradient mode. Built where libtorch's headers are: see Comparison.csproj.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/CPUAllocator.h>
#include <functional>
#include <string>
#include <torch/csrc/api/include/torch/version.h>

using Run = std::function<void()>;

struct Result final : at::Allocator {
    explicit Result(void* cells) : cells(cells) {}
    at::DataPtr allocate(size_t) const override { return {cells, at::kCPU}; }
    void* cells;
};

// A function by its name in libtorch; none where the name is unknown.
static Run pooling(const std::string& name, at::Tensor x, at::Tensor y, at::Tensor indices, at::Tensor gradient,
                   std::vector<int64_t> kernel, std::vector<int64_t> stride, std::vector<int64_t> padding, std::vector<int64_t> dilation, bool ceil) {
    const std::vector<int64_t> size(y.sizes().begin() + 2, y.sizes().end());
    const std::vector<int64_t> plane = {2, 3};
    if (name == "max_pool1d")
        // It takes no result to write into, so the memory that it asks for is that.
        return [=, result = Result(y.data_ptr()), row = x.squeeze(2)]() mutable {
            at::Allocator* usual = c10::GetCPUAllocator();
            c10::SetCPUAllocator(&result);
            at::max_pool1d(row, kernel[1], stride[1], padding[1], dilation[1], ceil);
            c10::SetCPUAllocator(usual);
        };
    if (name == "max_pool2d") return [=]() mutable { at::max_pool2d_with_indices_out(y, indices, x, kernel, stride, padding, dilation, ceil); };
    if (name == "max_pool3d") return [=]() mutable { at::max_pool3d_with_indices_out(y, indices, x, kernel, stride, padding, dilation, ceil); };
    if (name == "avg_pool2d") return [=]() mutable { at::avg_pool2d_out(y, x, kernel, stride, padding, ceil); };
    if (name == "avg_pool3d") return [=]() mutable { at::avg_pool3d_out(y, x, kernel, stride, padding, ceil); };
    if (name == "vector_norm") return [=]() mutable { at::linalg_vector_norm_out(y, x, 2, plane, true); };
    // As torch.nn.functional.lp_pool2d is written.
    if (name == "lp_pool2d")
        return [=]() mutable {
            at::Tensor mean = at::avg_pool2d(at::pow(x, 2), kernel, stride, 0, ceil);
            at::pow_out(y, at::mul(at::mul(at::sign(mean), at::relu(at::abs(mean))), kernel[0] * kernel[1]), 0.5);
        };
    if (name == "adaptive_max_pool2d") return [=]() mutable { at::adaptive_max_pool2d_out(y, indices, x, size); };
    if (name == "adaptive_avg_pool2d") return [=]() mutable { at::adaptive_avg_pool2d_out(y, x, size); };
    if (name == "amax") return [=]() mutable { at::amax_out(y, x, plane, true); };
    if (name == "mean") return [=]() mutable { at::mean_out(y, x, plane, true); };
    if (name == "max_pool2d_backward")
        return [=]() mutable { at::max_pool2d_with_indices_backward_out(gradient, y, x, kernel, stride, padding, dilation, ceil, indices); };
    if (name == "max_pool3d_backward")
        return [=]() mutable { at::max_pool3d_with_indices_backward_out(gradient, y, x, kernel, stride, padding, dilation, ceil, indices); };
    if (name == "avg_pool2d_backward")
        return [=]() mutable { at::avg_pool2d_backward_out(gradient, y, x, kernel, stride, padding, ceil, true, c10::nullopt); };
    if (name == "avg_pool3d_backward")
        return [=]() mutable { at::avg_pool3d_backward_out(gradient, y, x, kernel, stride, padding, ceil, true, c10::nullopt); };
    if (name == "adaptive_max_pool2d_backward") return [=]() mutable { at::adaptive_max_pool2d_backward_out(gradient, y, x, indices); };
    if (name == "adaptive_avg_pool2d_backward") return [=]() mutable { at::_adaptive_avg_pool2d_backward_out(gradient, y, x); };
    // What differentiating at::mean comes to.
    if (name == "mean_backward") return [=]() mutable { at::div_out(gradient, y.expand(x.sizes()), at::scalar_tensor(x.size(2) * x.size(3))); };
    return {};
}

extern "C" const char* torch_version() {
    // The first question for the number of threads sets it; from then on it is OpenMP's.
    at::get_num_threads();
    return TORCH_VERSION;
}

extern "C" Run* torch_pooling(const char* name, int rank, const int64_t* kernel, const int64_t* stride, const int64_t* padding, const int64_t* dilation, bool ceil,
                              const int64_t* shape, const int64_t* strides, const int64_t* pooledShape, const int64_t* pooledStrides,
                              float* x, float* y, int64_t* indices, float* gradient) {
    c10::InferenceMode guard;
    auto numbers = [](const int64_t* first, int count) { return std::vector<int64_t>(first, first + count); };
    auto tensor = [&](void* cells, const int64_t* lengths, const int64_t* distances, at::ScalarType type) {
        return cells ? at::from_blob(cells, numbers(lengths, rank + 2), numbers(distances, rank + 2), at::TensorOptions(type)) : at::Tensor();
    };
    Run run = pooling(name, tensor(x, shape, strides, at::kFloat), tensor(y, pooledShape, pooledStrides, at::kFloat),
                      tensor(indices, pooledShape, pooledStrides, at::kLong), tensor(gradient, shape, strides, at::kFloat),
                      numbers(kernel, rank), numbers(stride, rank), numbers(padding, rank), numbers(dilation, rank), ceil);
    return run ? new Run(run) : nullptr;
}

extern "C" void torch_run(Run* run) {
    c10::InferenceMode guard;
    (*run)();
}

extern "C" int torch_delete(Run* run) {
    delete run;
    return 0;
}
