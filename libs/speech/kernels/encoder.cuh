#pragma once

#include "multiply.cuh"

// Sums and sums of squares of 64 rows each. grid: chunks, sequences; block: 256
extern "C" __global__ void __launch_bounds__(256) groupSums(
    const float* __restrict__ x, int width, const Sequence* __restrict__ sequences, double2* __restrict__ partial, int chunkRoom) {
  const Sequence sequence = sequences[blockIdx.y];
  const int first = blockIdx.x * TILE;
  if (first >= sequence.inputRows) return;
  const int count = min(TILE, sequence.inputRows - first) * width;
  const float* from = x + (size_t)sequence.inputStart + (size_t)first * width;
  double sum = 0.0, squares = 0.0;
  for (int at = threadIdx.x; at < count; at += 256) {
    const double value = from[at];
    sum += value;
    squares += value * value;
  }
  __shared__ double2 sums[256];
  sums[threadIdx.x] = make_double2(sum, squares);
  for (int half = 128; half > 0; half >>= 1) {
    __syncthreads();
    if (threadIdx.x < half) {
      sums[threadIdx.x].x += sums[threadIdx.x + half].x;
      sums[threadIdx.x].y += sums[threadIdx.x + half].y;
    }
  }
  if (threadIdx.x == 0) partial[blockIdx.y * chunkRoom + blockIdx.x] = sums[0];
}

// One mean and one variance for a whole utterance, then gain and bias for each channel, in place. Same grid and block.
extern "C" __global__ void __launch_bounds__(256) groupNormalize(
    float* __restrict__ x, int width, const Sequence* __restrict__ sequences, const double2* __restrict__ partial, int chunkRoom,
    const float* __restrict__ gain, const float* __restrict__ bias) {
  const Sequence sequence = sequences[blockIdx.y];
  const int first = blockIdx.x * TILE;
  if (first >= sequence.inputRows) return;
  __shared__ float mean, scale;
  if (threadIdx.x == 0) {
    const int chunks = (sequence.inputRows + TILE - 1) / TILE;
    double sum = 0.0, squares = 0.0;
    for (int chunk = 0; chunk < chunks; ++chunk) {
      sum += partial[blockIdx.y * chunkRoom + chunk].x;
      squares += partial[blockIdx.y * chunkRoom + chunk].y;
    }
    const double count = (double)sequence.inputRows * width;
    const double average = sum / count;
    mean = (float)average;
    scale = (float)(1.0 / sqrt(fmax(squares / count - average * average, 0.0) + 1e-5));
  }
  __syncthreads();
  const int count = min(TILE, sequence.inputRows - first) * width;
  float* from = x + (size_t)sequence.inputStart + (size_t)first * width;
  for (int at = threadIdx.x; at < count; at += 256) {
    const int channel = at % width;
    from[at] = (from[at] - mean) * scale * gain[channel] + bias[channel];
  }
}

// grid: rows / 8; block: 256
extern "C" __global__ void __launch_bounds__(256) layerNormalize(
    const float* __restrict__ x, float* __restrict__ output, int rows, int width, const float* __restrict__ gain) {
  const int row = blockIdx.x * 8 + threadIdx.x / 32;
  if (row < rows) normalizeRow(x + (size_t)row * width, output + (size_t)row * width, width, gain);
}

// Turns queries and keys of the encoder by their place, in place: the first numbers of each head in neighbouring pairs.
// `turns` holds cosine and sine for each place and pair. grid: most rows, sequences; block: 128
extern "C" __global__ void __launch_bounds__(128) encoderRotate(
    float* __restrict__ qkv, const Sequence* __restrict__ sequences, const float2* __restrict__ turns, int pairs, int heads, int headDim) {
  const Sequence sequence = sequences[blockIdx.y];
  if (blockIdx.x >= sequence.rows) return;
  const int dim = heads * headDim;
  float* row = qkv + (size_t)(sequence.outputStart + blockIdx.x) * 3 * dim;
  for (int at = threadIdx.x; at < 2 * heads * pairs; at += 128) {
    const int pair = at % pairs;
    const float2 turn = turns[blockIdx.x * pairs + pair];
    // Heads of the keys follow those of the queries.
    float* both = row + (at / pairs) * headDim + 2 * pair;
    const float first = both[0];
    const float second = both[1];
    both[0] = first * turn.x - second * turn.y;
    both[1] = second * turn.x + first * turn.y;
  }
}

constexpr int KEYS = 32;

// 64 queries of one head against the keys of one tile.
struct AttentionTiles {
  float queries[TILE][MAX_HEAD + 1];
  float keys[KEYS][MAX_HEAD + 1];
  __align__(16) float values[KEYS][MAX_HEAD + 4];
  float shares[TILE][KEYS + 1];
  float fade[TILE];
};

__device__ void loadKeys(AttentionTiles& tiles, const float* from, int key0, int rows, int dim, int headDim) {
  for (int at = threadIdx.x; at < KEYS * headDim; at += 256) {
    const int key = at / headDim;
    const int d = at % headDim;
    const bool there = key0 + key < rows;
    const float* row = from + (size_t)(key0 + key) * 3 * dim + d;
    tiles.keys[key][d] = there ? row[dim] : 0.0f;
    tiles.values[key][d] = there ? row[2 * dim] : 0.0f;
  }
}

// A thread makes four queries by two keys.
__device__ void score(AttentionTiles& tiles, int tx, int ty, int keysLeft, int headDim) {
  float scores[4][2] = {};
  for (int d = 0; d < headDim; ++d) {
    const float first = tiles.keys[tx * 2][d];
    const float second = tiles.keys[tx * 2 + 1][d];
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      const float query = tiles.queries[ty * 4 + i][d];
      scores[i][0] = fmaf(query, first, scores[i][0]);
      scores[i][1] = fmaf(query, second, scores[i][1]);
    }
  }
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    tiles.shares[ty * 4 + i][tx * 2] = tx * 2 < keysLeft ? scores[i][0] : -INFINITY;
    tiles.shares[ty * 4 + i][tx * 2 + 1] = tx * 2 + 1 < keysLeft ? scores[i][1] : -INFINITY;
  }
}

// Turns scores into shares of the softmax so far, four threads a query; what was summed before fades where a larger score has come.
__device__ void soften(AttentionTiles& tiles, float& most, float& total) {
  const int row = threadIdx.x / 4;
  float* shares = tiles.shares[row] + (threadIdx.x % 4) * 8;
  float here = -INFINITY;
  for (int i = 0; i < 8; ++i) here = fmaxf(here, shares[i]);
  here = fmaxf(here, __shfl_xor_sync(ALL_LANES, here, 1));
  here = fmaxf(here, __shfl_xor_sync(ALL_LANES, here, 2));
  const float before = most;
  most = fmaxf(most, here);
  float sum = 0.0f;
  for (int i = 0; i < 8; ++i) {
    shares[i] = expf(shares[i] - most);
    sum += shares[i];
  }
  sum += __shfl_xor_sync(ALL_LANES, sum, 1);
  sum += __shfl_xor_sync(ALL_LANES, sum, 2);
  const float fading = expf(before - most);
  total = total * fading + sum;
  if (threadIdx.x % 4 == 0) tiles.fade[row] = fading;
}

__device__ void addValues(const AttentionTiles& tiles, int tx, int ty, float (&sums)[4][4]) {
#pragma unroll
  for (int i = 0; i < 4; ++i) {
#pragma unroll
    for (int j = 0; j < 4; ++j) sums[i][j] *= tiles.fade[ty * 4 + i];
  }
  for (int key = 0; key < KEYS; ++key) {
    const float4 value = *reinterpret_cast<const float4*>(&tiles.values[key][tx * 4]);
    const float4 shares = make_float4(
        tiles.shares[ty * 4][key], tiles.shares[ty * 4 + 1][key], tiles.shares[ty * 4 + 2][key], tiles.shares[ty * 4 + 3][key]);
    addProduct(sums, shares, value);
  }
}

// Every frame looks at all frames of its own utterance; 64 of them at a time over keys in tiles of 32, with a running softmax.
// grid: most rows / 64, heads, sequences; block: 256
extern "C" __global__ void __launch_bounds__(256) encoderAttention(
    const float* __restrict__ qkv, float* __restrict__ output, const Sequence* __restrict__ sequences, int heads, int headDim) {
  __shared__ AttentionTiles tiles;
  const Sequence sequence = sequences[blockIdx.z];
  const int row0 = blockIdx.x * TILE;
  if (row0 >= sequence.rows) return;
  const int dim = heads * headDim;
  const float* from = qkv + (size_t)sequence.outputStart * 3 * dim + blockIdx.y * headDim;
  for (int at = threadIdx.x; at < TILE * headDim; at += 256) {
    const int row = row0 + at / headDim;
    const int d = at % headDim;
    tiles.queries[at / headDim][d] = row < sequence.rows ? from[(size_t)row * 3 * dim + d] * rsqrtf((float)headDim) : 0.0f;
  }
  const int tx = threadIdx.x % 16;
  const int ty = threadIdx.x / 16;
  float most = -INFINITY;
  float total = 0.0f;
  float sums[4][4] = {};
  for (int key0 = 0; key0 < sequence.rows; key0 += KEYS) {
    __syncthreads();
    loadKeys(tiles, from, key0, sequence.rows, dim, headDim);
    __syncthreads();
    score(tiles, tx, ty, sequence.rows - key0, headDim);
    __syncthreads();
    soften(tiles, most, total);
    __syncthreads();
    if (tx * 4 < headDim) addValues(tiles, tx, ty, sums);
  }
  __syncthreads();
  if (threadIdx.x % 4 == 0) tiles.fade[threadIdx.x / 4] = 1.0f / total;
  __syncthreads();
  if (tx * 4 >= headDim) return;
  for (int i = 0; i < 4; ++i) {
    const int row = row0 + ty * 4 + i;
    if (row >= sequence.rows) continue;
    float* target = output + (size_t)(sequence.outputStart + row) * dim + blockIdx.y * headDim + tx * 4;
    for (int j = 0; j < 4; ++j) target[j] = sums[i][j] * tiles.fade[ty * 4 + i];
  }
}
