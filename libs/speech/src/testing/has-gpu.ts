import { CudaDriver, NoCudaDeviceError } from '../recognition/cuda/cuda-driver.js';

/** Whether the specs of the GPU engine can run here; any other fault than its absence is one to be told of. */
export function hasGpu(): boolean {
  try {
    return CudaDriver.find().length > 0;
  } catch (error) {
    if (error instanceof NoCudaDeviceError) return false;
    throw error;
  }
}
