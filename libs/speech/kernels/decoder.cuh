#pragma once

#include "decoder-attention.cuh"

// grid: rows; block: 128
extern "C" __global__ void __launch_bounds__(128) embed(
    const unsigned char* __restrict__ embedding, const float2* __restrict__ scaleZero, const SlotState* __restrict__ states,
    const int* __restrict__ slots, float* __restrict__ x, int width) {
  const int token = states[slots[blockIdx.x]].token;
  const float2 unit = scaleZero[token];
  for (int at = threadIdx.x; at < width; at += 128) {
    x[blockIdx.x * width + at] = ((float)embedding[(size_t)token * width + at] - unit.y) * unit.x;
  }
}

// Rows in shared memory times a byte matrix, for few rows: a warp makes one output of ROWS rows at a time.
template <int ROWS>
__device__ void multiplyShared(
    const float* shared, const unsigned char* __restrict__ weights, const float2* __restrict__ scaleZero, const float* __restrict__ bias,
    float* __restrict__ output, int row0, int rows, int outputs, int depth, int columnsEach, bool add) {
  const int lane = threadIdx.x % 32;
  const int first = (blockIdx.x * 8 + threadIdx.x / 32) * columnsEach;
  for (int column = first; column < min(first + columnsEach, outputs); ++column) {
    const float2 unit = scaleZero[column];
    const unsigned char* line = weights + (size_t)column * depth;
    float sums[ROWS] = {};
    for (int k = lane * 4; k < depth; k += 128) {
      const uchar4 bytes = *reinterpret_cast<const uchar4*>(line + k);
      const float w0 = (float)bytes.x - unit.y;
      const float w1 = (float)bytes.y - unit.y;
      const float w2 = (float)bytes.z - unit.y;
      const float w3 = (float)bytes.w - unit.y;
#pragma unroll
      for (int row = 0; row < ROWS; ++row) {
        const float4 value = *reinterpret_cast<const float4*>(shared + row * depth + k);
        sums[row] = fmaf(value.x, w0, fmaf(value.y, w1, fmaf(value.z, w2, fmaf(value.w, w3, sums[row]))));
      }
    }
#pragma unroll
    for (int row = 0; row < ROWS; ++row) sums[row] = warpSum(sums[row]);
    if (lane == 0) {
#pragma unroll
      for (int row = 0; row < ROWS; ++row) {
        if (row0 + row >= rows) continue;
        float* target = output + (size_t)(row0 + row) * outputs + column;
        const float value = sums[row] * unit.x + (bias ? bias[column] : 0.0f);
        *target = add ? *target + value : value;
      }
    }
  }
}

// output = normalised x times weights. grid: outputs / (8 * columnsEach), rows / 8; block: 256; shared: 8 rows
extern "C" __global__ void __launch_bounds__(256) normalizeMultiply(
    const float* __restrict__ x, const float* __restrict__ gain, const unsigned char* __restrict__ weights,
    const float2* __restrict__ scaleZero, const float* __restrict__ bias, float* __restrict__ output, int rows, int outputs, int depth,
    int columnsEach) {
  extern __shared__ __align__(16) float shared[];
  const int row0 = blockIdx.y * 8;
  const int warp = threadIdx.x / 32;
  if (row0 + warp < rows) {
    normalizeRow(x + (size_t)(row0 + warp) * depth, shared + warp * depth, depth, gain);
  } else {
    for (int at = threadIdx.x % 32; at < depth; at += 32) shared[warp * depth + at] = 0.0f;
  }
  __syncthreads();
  multiplyShared<8>(shared, weights, scaleZero, bias, output, row0, rows, outputs, depth, columnsEach, false);
}

// output += x times weights. Same grid, block and shared memory.
extern "C" __global__ void __launch_bounds__(256) addMultiply(
    const float* __restrict__ x, const unsigned char* __restrict__ weights, const float2* __restrict__ scaleZero,
    const float* __restrict__ bias, float* __restrict__ output, int rows, int outputs, int depth, int columnsEach) {
  extern __shared__ __align__(16) float shared[];
  const int row0 = blockIdx.y * 8;
  for (int at = threadIdx.x; at < 8 * depth; at += 256) shared[at] = row0 + at / depth < rows ? x[(size_t)row0 * depth + at] : 0.0f;
  __syncthreads();
  multiplyShared<8>(shared, weights, scaleZero, bias, output, row0, rows, outputs, depth, columnsEach, true);
}

// output += (values times the gates' SiLU) times weights; x holds `depth` values and `depth` gates a row.
// grid: outputs / (8 * columnsEach), rows / 4; block: 256; shared: 4 rows
extern "C" __global__ void __launch_bounds__(256) addGatedMultiply(
    const float* __restrict__ x, const unsigned char* __restrict__ weights, const float2* __restrict__ scaleZero,
    const float* __restrict__ bias, float* __restrict__ output, int rows, int outputs, int depth, int columnsEach) {
  extern __shared__ __align__(16) float shared[];
  const int row0 = blockIdx.y * 4;
  for (int at = threadIdx.x; at < 4 * depth; at += 256) {
    const int row = row0 + at / depth;
    float value = 0.0f;
    if (row < rows) {
      const float* both = x + (size_t)row * 2 * depth + at % depth;
      value = both[0] * (both[depth] / (1.0f + expf(-both[depth])));
    }
    shared[at] = value;
  }
  __syncthreads();
  multiplyShared<4>(shared, weights, scaleZero, bias, output, row0, rows, outputs, depth, columnsEach, true);
}

// Takes the likeliest token, the first of equals, and moves its slot on. grid: rows; block: 1024
extern "C" __global__ void __launch_bounds__(1024) takeToken(
    const float* __restrict__ logits, SlotState* states, const int* __restrict__ slots, int* __restrict__ tokens, int vocabulary,
    int tokenRoom) {
  __shared__ float bestValue[1024];
  __shared__ int bestAt[1024];
  SlotState* state = states + slots[blockIdx.x];
  if (state->done) return;
  const float* row = logits + (size_t)blockIdx.x * vocabulary;
  float value = -INFINITY;
  int at = 0;
  for (int token = threadIdx.x; token < vocabulary; token += 1024) {
    if (row[token] > value) {
      value = row[token];
      at = token;
    }
  }
  bestValue[threadIdx.x] = value;
  bestAt[threadIdx.x] = at;
  for (int half = 512; half > 0; half >>= 1) {
    __syncthreads();
    if (threadIdx.x < half) {
      const float other = bestValue[threadIdx.x + half];
      const int otherAt = bestAt[threadIdx.x + half];
      if (other > bestValue[threadIdx.x] || (other == bestValue[threadIdx.x] && otherAt < bestAt[threadIdx.x])) {
        bestValue[threadIdx.x] = other;
        bestAt[threadIdx.x] = otherAt;
      }
    }
  }
  if (threadIdx.x != 0) return;
  const int token = bestAt[0];
  const int position = state->position;
  if (token == END_TOKEN || position >= state->limit) {
    state->done = 1;
    return;
  }
  tokens[(size_t)slots[blockIdx.x] * tokenRoom + position] = token;
  state->token = token;
  state->position = position + 1;
  if (position + 1 >= state->limit) state->done = 1;
}
