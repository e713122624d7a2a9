#pragma once

#include <cuda_fp16.h>

struct Sequence {
  int inputStart;   // first element of the input
  int inputRows;    // rows that the input has (group normalisation), unused else
  int rows;         // rows to make
  int outputStart;  // first row of the output
  int slot;
};

struct SlotState {
  int token;     // to be embedded next
  int position;  // how many tokens were embedded before it
  int limit;     // most tokens that this utterance may have
  int done;
  int frames;    // encoder rows
};

enum Finish { FINISH_NONE = 0, FINISH_TANH = 1, FINISH_GELU = 2, FINISH_ADD = 3, FINISH_CROSS = 4 };

constexpr int TILE = 64;
constexpr int DEPTH = 16;
constexpr int END_TOKEN = 2;
constexpr int MAX_HEAD = 52;
constexpr unsigned ALL_LANES = 0xffffffffu;

__device__ __forceinline__ float gelu(float x) { return 0.5f * x * (1.0f + erff(x * 0.70710678118654752f)); }

__device__ __forceinline__ float warpSum(float x) {
  for (int offset = 16; offset > 0; offset >>= 1) x += __shfl_xor_sync(ALL_LANES, x, offset);
  return x;
}

__device__ __forceinline__ float warpMax(float x) {
  for (int offset = 16; offset > 0; offset >>= 1) x = fmaxf(x, __shfl_xor_sync(ALL_LANES, x, offset));
  return x;
}

// For blocks of up to 32 warps; every thread gets the result. `scratch` holds 33 numbers.
__device__ float blockSum(float x, float* scratch) {
  x = warpSum(x);
  __syncthreads();
  if (threadIdx.x % 32 == 0) scratch[threadIdx.x / 32] = x;
  __syncthreads();
  if (threadIdx.x < 32) {
    const float sum = warpSum(threadIdx.x < blockDim.x / 32 ? scratch[threadIdx.x] : 0.0f);
    if (threadIdx.x == 0) scratch[32] = sum;
  }
  __syncthreads();
  return scratch[32];
}

__device__ float blockMax(float x, float* scratch) {
  x = warpMax(x);
  __syncthreads();
  if (threadIdx.x % 32 == 0) scratch[threadIdx.x / 32] = x;
  __syncthreads();
  if (threadIdx.x < 32) {
    const float most = warpMax(threadIdx.x < blockDim.x / 32 ? scratch[threadIdx.x] : -INFINITY);
    if (threadIdx.x == 0) scratch[32] = most;
  }
  __syncthreads();
  return scratch[32];
}

// One warp normalises one row of up to 512 numbers.
__device__ void normalizeRow(const float* __restrict__ row, float* __restrict__ target, int width, const float* __restrict__ gain) {
  const int lane = threadIdx.x % 32;
  float kept[16];
  float sum = 0.0f;
#pragma unroll
  for (int i = 0; i < 16; ++i) {
    const int at = lane + 32 * i;
    kept[i] = at < width ? row[at] : 0.0f;
    sum += kept[i];
  }
  const float mean = warpSum(sum) / width;
  float squares = 0.0f;
#pragma unroll
  for (int i = 0; i < 16; ++i) {
    const float away = lane + 32 * i < width ? kept[i] - mean : 0.0f;
    squares += away * away;
  }
  const float scale = rsqrtf(warpSum(squares) / width + 1e-5f);
#pragma unroll
  for (int i = 0; i < 16; ++i) {
    const int at = lane + 32 * i;
    if (at < width) target[at] = (kept[i] - mean) * scale * gain[at];
  }
}
