#pragma once

#include "common.cuh"

// Where a thread of the kernel `multiply` stands in its tile of 64 rows by 64 columns: it loads four numbers of one line of each side and
// makes four rows of four columns.
struct TilePlace {
  int row0, column0;
  int line, k;
  int tx, ty;
};

__device__ __forceinline__ float4 loadRow(const float* row, int k, int depth) {
  if (k + 4 <= depth) return *reinterpret_cast<const float4*>(row + k);
  return make_float4(k < depth ? row[k] : 0.0f, k + 1 < depth ? row[k + 1] : 0.0f, k + 2 < depth ? row[k + 2] : 0.0f, 0.0f);
}

__device__ __forceinline__ void store4(float (&tile)[DEPTH][TILE + 4], const TilePlace& place, float4 value) {
  tile[place.k + 0][place.line] = value.x;
  tile[place.k + 1][place.line] = value.y;
  tile[place.k + 2][place.line] = value.z;
  tile[place.k + 3][place.line] = value.w;
}

// Every number of one side by every number of the other.
__device__ __forceinline__ void addProduct(float (&sums)[4][4], float4 va, float4 vb) {
  const float as[4] = {va.x, va.y, va.z, va.w};
  const float bs[4] = {vb.x, vb.y, vb.z, vb.w};
#pragma unroll
  for (int i = 0; i < 4; ++i) {
#pragma unroll
    for (int j = 0; j < 4; ++j) sums[i][j] = fmaf(as[i], bs[j], sums[i][j]);
  }
}

// What becomes of a finished sum. Keys and values for the decoder, of all its layers at once, lie so that the numbers of one head of one layer
// are together, frame after frame.
__device__ void finishTile(
    const float (&sums)[4][4], const TilePlace& place, const Sequence& sequence, const float2* __restrict__ scaleZero,
    const float* __restrict__ bias, void* __restrict__ output, int outputs, int finish, int headDim, int frameRoom) {
  for (int j = 0; j < 4; ++j) {
    const int column = place.column0 + place.tx * 4 + j;
    if (column >= outputs) continue;
    const float scale = scaleZero[column].x;
    const float add = bias ? bias[column] : 0.0f;
    for (int i = 0; i < 4; ++i) {
      const int row = place.row0 + place.ty * 4 + i;
      if (row >= sequence.rows) continue;
      float value = sums[i][j] * scale + add;
      if (finish == FINISH_CROSS) {
        const size_t part = (size_t)sequence.slot * (outputs / headDim) + column / headDim;
        static_cast<__half*>(output)[(part * frameRoom + row) * headDim + column % headDim] = __float2half(value);
        continue;
      }
      float* target = static_cast<float*>(output) + (size_t)(sequence.outputStart + row) * outputs + column;
      if (finish == FINISH_TANH) value = tanhf(value);
      if (finish == FINISH_GELU) value = gelu(value);
      if (finish == FINISH_ADD) value += *target;
      *target = value;
    }
  }
}

// Rows times a byte matrix, for many rows. A row begins `stepA` elements after the one before it: less than `depth` where a convolution's
// windows overlap. `depth` is filled up to a multiple of 16 in the weights, not in the rows.
// grid: outputs / 64, most rows of a sequence / 64, sequences; block: 256
extern "C" __global__ void __launch_bounds__(256) multiply(
    const float* __restrict__ a, int stepA, const unsigned char* __restrict__ weights, const float2* __restrict__ scaleZero,
    const float* __restrict__ bias, void* __restrict__ output, int outputs, int depth, int weightStep,
    const Sequence* __restrict__ sequences, int finish, int headDim, int frameRoom) {
  __shared__ __align__(16) float tileA[DEPTH][TILE + 4];
  __shared__ __align__(16) float tileB[DEPTH][TILE + 4];
  const Sequence sequence = sequences[blockIdx.z];
  const int thread = threadIdx.x;
  const TilePlace place = {(int)blockIdx.y * TILE, (int)blockIdx.x * TILE, thread / 4, (thread % 4) * 4, thread % 16, thread / 16};
  if (place.row0 >= sequence.rows) return;
  const int row = place.row0 + place.line;
  const int column = place.column0 + place.line;
  const float* rowA = a + (size_t)sequence.inputStart + (size_t)row * stepA;
  const unsigned char* rowB = weights + (size_t)column * weightStep;
  const float zero = column < outputs ? scaleZero[column].y : 0.0f;
  float sums[4][4] = {};
  for (int k0 = 0; k0 < depth; k0 += DEPTH) {
    const float4 fromA = row < sequence.rows ? loadRow(rowA, k0 + place.k, depth) : make_float4(0.0f, 0.0f, 0.0f, 0.0f);
    const uchar4 fromB = column < outputs ? *reinterpret_cast<const uchar4*>(rowB + k0 + place.k) : make_uchar4(0, 0, 0, 0);
    __syncthreads();
    store4(tileA, place, fromA);
    store4(tileB, place, make_float4((float)fromB.x - zero, (float)fromB.y - zero, (float)fromB.z - zero, (float)fromB.w - zero));
    __syncthreads();
#pragma unroll
    for (int at = 0; at < DEPTH; ++at) {
      const float4 va = *reinterpret_cast<const float4*>(&tileA[at][place.ty * 4]);
      const float4 vb = *reinterpret_cast<const float4*>(&tileB[at][place.tx * 4]);
      addProduct(sums, va, vb);
    }
  }
  finishTile(sums, place, sequence, scaleZero, bias, output, outputs, finish, headDim, frameRoom);
}
