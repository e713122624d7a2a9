import { createRequire } from 'node:module';
import type { LibraryHandle } from 'koffi';

type Koffi = typeof import('koffi');

/** There is no GPU that could be used here; the message says in one line why. */
export class NoCudaDeviceError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NoCudaDeviceError';
  }
}

/** The driver refused or lost something. `code` is the CUresult of cuda.h. */
export class CudaError extends Error {
  constructor(
    call: string,
    readonly code: number,
    meaning: string,
  ) {
    super(`${call} failed: ${meaning} (${code})`);
    this.name = 'CudaError';
  }
}

/** An address on the device. A bigint among a kernel's arguments is an address, a number is an int. */
export type DevicePointer = bigint;
export type KernelArgument = DevicePointer | number;
export type Kernel = bigint;
export type Graph = bigint;
export type Size3 = readonly [x: number, y?: number, z?: number];

/** cuda.h: attributes of a device, and the marks of a launch's packed arguments. */
const COMPUTE_MAJOR = 75;
const COMPUTE_MINOR = 76;
const ARGUMENT_BUFFER = 1n;
const ARGUMENT_SIZE = 2n;
const CAPTURE_THREAD_LOCAL = 1;
/** Turing, the oldest that the compiler of the kernels still knows. */
const OLDEST_COMPUTE = 75;
/** Compiling the kernels for the card happens on koffi's stack; 1 MB, its own choice, is little for a compiler. */
const STACK_BYTES = 8 * 1024 * 1024;

type Call = (...args: unknown[]) => number;

/** Names and argument types as in cuda.h; `_v2` is what its macros make of a name. Device addresses are 64-bit numbers. */
const SIGNATURES = {
  cuInit: ['uint32_t'],
  cuDeviceGetCount: ['void*'],
  cuDeviceGet: ['void*', 'int'],
  cuDeviceGetName: ['void*', 'int', 'int'],
  cuDeviceGetAttribute: ['void*', 'int', 'int'],
  cuCtxCreate_v2: ['void*', 'uint32_t', 'int'],
  cuCtxDestroy_v2: ['uint64_t'],
  cuMemGetInfo_v2: ['void*', 'void*'],
  cuMemAlloc_v2: ['void*', 'size_t'],
  cuMemsetD8_v2: ['uint64_t', 'uint8_t', 'size_t'],
  cuMemcpyHtoD_v2: ['uint64_t', 'void*', 'size_t'],
  cuMemcpyDtoH_v2: ['void*', 'uint64_t', 'size_t'],
  cuModuleLoadData: ['void*', 'void*'],
  cuModuleGetFunction: ['void*', 'uint64_t', 'str'],
  cuStreamCreate: ['void*', 'uint32_t'],
  cuStreamSynchronize: ['uint64_t'],
  cuStreamBeginCapture_v2: ['uint64_t', 'int'],
  cuStreamEndCapture: ['uint64_t', 'void*'],
  cuGraphInstantiateWithFlags: ['void*', 'uint64_t', 'uint64_t'],
  cuGraphLaunch: ['uint64_t', 'uint64_t'],
  cuLaunchKernel: ['uint64_t', ...Array<string>(7).fill('uint32_t'), 'uint64_t', 'void*', 'void*'],
  cuGetErrorName: ['int', 'void*'],
} as const;
type CallName = keyof typeof SIGNATURES;

/**
 * The part of NVIDIA's driver library that is needed, for one device and one thread: the thread that opens it. Nothing of a CUDA
 * toolkit has to be installed.
 */
export class CudaDriver {
  private readonly calls: Readonly<Record<CallName, Call>>;
  private readonly arguments = Buffer.alloc(256);
  private readonly argumentSize = new BigUint64Array(1);
  private readonly launchOptions: BigUint64Array;
  private device = 0;
  private context: DevicePointer = 0n;
  private stream: DevicePointer = 0n;
  deviceName = '';

  private constructor(
    private readonly koffi: Koffi,
    library: LibraryHandle,
  ) {
    const entries = Object.entries(SIGNATURES).map(([name, types]) => [name, library.func(name, 'int', [...types]) as Call]);
    this.calls = Object.fromEntries(entries) as Record<CallName, Call>;
    const [buffer, size] = [koffi.address(this.arguments), koffi.address(this.argumentSize)];
    this.launchOptions = BigUint64Array.of(ARGUMENT_BUFFER, buffer, ARGUMENT_SIZE, size, 0n);
  }

  /**
   * The name of the card that would be used; takes nothing on it.
   * @throws NoCudaDeviceError where there is no driver, no card or none that is new enough
   */
  static find(): string {
    return CudaDriver.found().deviceName;
  }

  /** @throws NoCudaDeviceError as `find` */
  static open(): CudaDriver {
    const driver = CudaDriver.found();
    driver.context = driver.pointerFrom('cuCtxCreate_v2', 0, driver.device);
    driver.stream = driver.pointerFrom('cuStreamCreate', 0);
    return driver;
  }

  private static found(): CudaDriver {
    const koffi = loadKoffi();
    const driver = new CudaDriver(koffi, openLibrary(koffi));
    driver.findDevice();
    return driver;
  }

  get freeBytes(): number {
    const [free, total] = [new BigUint64Array(1), new BigUint64Array(1)];
    this.call('cuMemGetInfo_v2', free, total);
    return Number(free[0]);
  }

  /** Filled with zeros. */
  allocate(bytes: number): DevicePointer {
    const pointer = this.pointerFrom('cuMemAlloc_v2', bytes);
    this.call('cuMemsetD8_v2', pointer, 0, bytes);
    return pointer;
  }

  upload(target: DevicePointer, data: ArrayBufferView): void {
    this.call('cuMemcpyHtoD_v2', target, data, data.byteLength);
  }

  /** Waits for what was launched before. */
  download(source: DevicePointer, into: ArrayBufferView): void {
    this.call('cuStreamSynchronize', this.stream);
    this.call('cuMemcpyDtoH_v2', into, source, into.byteLength);
  }

  /** The driver compiles the text for this card, or takes what it compiled before. */
  loadModule(ptx: string): (name: string) => Kernel {
    const handle = this.pointerFrom('cuModuleLoadData', Buffer.from(`${ptx}\0`, 'latin1'));
    return (name) => this.pointerFrom('cuModuleGetFunction', handle, name);
  }

  launch(kernel: Kernel, grid: Size3, block: number, sharedBytes: number, args: readonly KernelArgument[]): void {
    this.pack(args);
    const [x, y = 1, z = 1] = grid;
    this.call('cuLaunchKernel', kernel, x, y, z, block, 1, 1, sharedBytes, this.stream, null, this.launchOptions);
  }

  /** What `launches` would launch, as one thing that is started at once. */
  record(launches: () => void): Graph {
    this.call('cuStreamBeginCapture_v2', this.stream, CAPTURE_THREAD_LOCAL);
    launches();
    const graph = new BigUint64Array(1);
    this.call('cuStreamEndCapture', this.stream, graph);
    return this.pointerFrom('cuGraphInstantiateWithFlags', graph[0] ?? 0n, 0);
  }

  replay(graph: Graph): void {
    this.call('cuGraphLaunch', graph, this.stream);
  }

  /** Frees all that was taken through this object, also after an error that its context does not survive. */
  close(): void {
    this.calls.cuCtxDestroy_v2(this.context);
  }

  private findDevice(): void {
    const started = this.calls.cuInit(0);
    if (started !== 0) throw new NoCudaDeviceError(`The NVIDIA driver finds no usable GPU (${this.meaning(started)})`);
    if (this.intFrom('cuDeviceGetCount') === 0) throw new NoCudaDeviceError('There is no NVIDIA GPU');
    this.device = this.intFrom('cuDeviceGet', 0);
    const name = Buffer.alloc(128);
    this.call('cuDeviceGetName', name, name.length, this.device);
    this.deviceName = name.toString('latin1').replace(/\0.*$/s, '');
    const compute = 10 * this.intFrom('cuDeviceGetAttribute', COMPUTE_MAJOR, this.device) + this.intFrom('cuDeviceGetAttribute', COMPUTE_MINOR, this.device);
    if (compute < OLDEST_COMPUTE) throw new NoCudaDeviceError(`The GPU (${this.deviceName}) is too old: compute capability 7.5 is needed`);
  }

  /** As a C compiler lays a structure out: each at a multiple of its own size. */
  private pack(args: readonly KernelArgument[]): void {
    let at = 0;
    for (const argument of args) {
      if (typeof argument === 'bigint') {
        at = (at + 7) & ~7;
        this.arguments.writeBigUInt64LE(argument, at);
        at += 8;
      } else {
        this.arguments.writeInt32LE(argument, at);
        at += 4;
      }
    }
    this.argumentSize[0] = BigInt(at);
  }

  private pointerFrom(name: CallName, ...args: unknown[]): DevicePointer {
    const result = new BigUint64Array(1);
    this.call(name, result, ...args);
    return result[0] ?? 0n;
  }

  private intFrom(name: CallName, ...args: unknown[]): number {
    const result = new Int32Array(1);
    this.call(name, result, ...args);
    return result[0] ?? 0;
  }

  private call(name: CallName, ...args: unknown[]): void {
    const code = this.calls[name](...args);
    if (code !== 0) throw new CudaError(name, code, this.meaning(code));
  }

  private meaning(code: number): string {
    const text = new BigUint64Array(1);
    if (this.calls.cuGetErrorName(code, text) !== 0 || !text[0]) return 'unknown error';
    return this.koffi.decode.string(text[0]);
  }
}

/** Loaded when a GPU is looked for, not before: a machine that it has no build for still has its CPU. */
function loadKoffi(): Koffi {
  let koffi: Koffi;
  try {
    koffi = createRequire(import.meta.url)('koffi') as Koffi;
  } catch {
    throw new NoCudaDeviceError('koffi, which calls the NVIDIA driver, has no build for this machine');
  }
  // It may be said only before the first library is loaded, and holds for the whole thread.
  if (koffi.config().sync_stack_size !== STACK_BYTES) koffi.config({ sync_stack_size: STACK_BYTES });
  return koffi;
}

function openLibrary(koffi: Koffi): LibraryHandle {
  try {
    return koffi.load('libcuda.so.1');
  } catch {
    // Not installed is the usual case; what else the loader may say does not help whoever has no NVIDIA card.
    throw new NoCudaDeviceError('The NVIDIA driver (libcuda.so.1) is not installed');
  }
}
