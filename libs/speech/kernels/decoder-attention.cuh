#pragma once

#include "common.cuh"

// Softmax of `count` scores in shared memory, in place; returns one over their sum. For 256 threads.
__device__ float softmax(float* scores, int count, float* scratch) {
  float most = -INFINITY;
  for (int at = threadIdx.x; at < count; at += 256) most = fmaxf(most, scores[at]);
  most = blockMax(most, scratch);
  float sum = 0.0f;
  for (int at = threadIdx.x; at < count; at += 256) {
    const float share = expf(scores[at] - most);
    scores[at] = share;
    sum += share;
  }
  return 1.0f / blockSum(sum, scratch);
}

constexpr int MAX_SLICES = 32;

__device__ __forceinline__ float4 loadFour(const float* from) { return *reinterpret_cast<const float4*>(from); }

__device__ __forceinline__ float4 loadFour(const __half* from) {
  const uint2 raw = *reinterpret_cast<const uint2*>(from);
  const float2 low = __half22float2(*reinterpret_cast<const __half2*>(&raw.x));
  const float2 high = __half22float2(*reinterpret_cast<const __half2*>(&raw.y));
  return make_float4(low.x, low.y, high.x, high.y);
}

// One query of one head over `count` keys and values that lie row after row. For 256 threads; `scores` holds `count` numbers. The keys
// are not __restrict__: selfAttention has just written one of them, which a read through the constant cache could miss.
template <typename Number>
__device__ void attend(
    const float* query, const Number* keys, const Number* values, int count, int headDim, float* scores, float* target) {
  __shared__ float scratch[33];
  __shared__ __align__(16) float parts[MAX_SLICES][MAX_HEAD];
  for (int key = threadIdx.x; key < count; key += 256) {
    float sum = 0.0f;
    for (int d = 0; d < headDim; d += 4) {
      const float4 four = loadFour(keys + (size_t)key * headDim + d);
      sum = fmaf(query[d], four.x, fmaf(query[d + 1], four.y, fmaf(query[d + 2], four.z, fmaf(query[d + 3], four.w, sum))));
    }
    scores[key] = sum;
  }
  __syncthreads();
  const float unit = softmax(scores, count, scratch);
  const int groups = headDim / 4;
  const int slices = 256 / groups;
  const int slice = threadIdx.x / groups;
  const int d = (threadIdx.x % groups) * 4;
  if (slice < slices) {
    float4 sum = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
    for (int key = slice; key < count; key += slices) {
      const float4 four = loadFour(values + (size_t)key * headDim + d);
      const float share = scores[key];
      sum.x = fmaf(share, four.x, sum.x);
      sum.y = fmaf(share, four.y, sum.y);
      sum.z = fmaf(share, four.z, sum.z);
      sum.w = fmaf(share, four.w, sum.w);
    }
    *reinterpret_cast<float4*>(&parts[slice][d]) = sum;
  }
  __syncthreads();
  if (threadIdx.x < headDim) {
    float sum = 0.0f;
    for (int each = 0; each < slices; ++each) sum += parts[each][threadIdx.x];
    target[threadIdx.x] = sum * unit;
  }
}

// A token looks at itself and those before it; its own key and value are kept first.
// `kept`: for each slot, layer, keys or values, and head, `tokenRoom` rows. grid: heads, rows; block: 256; shared: tokenRoom
extern "C" __global__ void __launch_bounds__(256) selfAttention(
    const float* __restrict__ qkv, float* kept, const float2* __restrict__ turns, const SlotState* __restrict__ states,
    const int* __restrict__ slots, float* __restrict__ output, int layer, int layers, int pairs, int headDim, int tokenRoom) {
  extern __shared__ __align__(16) float shared[];
  __shared__ float query[MAX_HEAD];
  const int heads = gridDim.x;
  const int head = blockIdx.x;
  const int slot = slots[blockIdx.y];
  const SlotState state = states[slot];
  if (state.done) return;
  const int dim = heads * headDim;
  const float* row = qkv + (size_t)blockIdx.y * 3 * dim + head * headDim;
  const size_t part = ((size_t)slot * layers + layer) * 2;
  float* keys = kept + (part * heads + head) * tokenRoom * headDim;
  float* values = kept + ((part + 1) * heads + head) * tokenRoom * headDim;
  const int d = threadIdx.x;
  if (d < headDim) {
    float q = row[d];
    float k = row[dim + d];
    if (d < 2 * pairs) {
      const float2 turn = turns[state.position * pairs + d / 2];
      const int other = d ^ 1;
      const float side = d % 2 ? turn.y : -turn.y;
      q = q * turn.x + row[other] * side;
      k = k * turn.x + row[dim + other] * side;
    }
    query[d] = q * rsqrtf((float)headDim);
    keys[(size_t)state.position * headDim + d] = k;
    values[(size_t)state.position * headDim + d] = row[2 * dim + d];
  }
  __syncthreads();
  attend<float>(query, keys, values, state.position + 1, headDim, shared, output + (size_t)blockIdx.y * dim + head * headDim);
}

// A token looks at the frames of its utterance. grid: heads, rows; block: 256; shared: frameRoom
extern "C" __global__ void __launch_bounds__(256) crossAttention(
    const float* __restrict__ queries, const __half* __restrict__ heard, const SlotState* __restrict__ states,
    const int* __restrict__ slots, float* __restrict__ output, int layer, int layers, int headDim, int frameRoom) {
  extern __shared__ __align__(16) float shared[];
  __shared__ float query[MAX_HEAD];
  const int heads = gridDim.x;
  const int head = blockIdx.x;
  const int slot = slots[blockIdx.y];
  const SlotState state = states[slot];
  if (state.done) return;
  const size_t place = (size_t)blockIdx.y * heads * headDim + head * headDim;
  const size_t part = ((size_t)slot * layers + layer) * 2;
  if (threadIdx.x < headDim) query[threadIdx.x] = queries[place + threadIdx.x] * rsqrtf((float)headDim);
  __syncthreads();
  const __half* keys = heard + (part * heads + head) * frameRoom * headDim;
  const __half* values = heard + ((part + 1) * heads + head) * frameRoom * headDim;
  attend<__half>(query, keys, values, state.frames, headDim, shared, output + place);
}
