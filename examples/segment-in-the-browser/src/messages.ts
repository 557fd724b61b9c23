/** What the page asks the worker for. */
export interface SegmentRequest {
  readonly model: File;
  /** One file, a header with its data, or the files of a DICOM series. */
  readonly scan: readonly File[];
  readonly engine: 'auto' | 'webgpu' | 'cpu';
}

/** What is shown of a result: voxels along right, anterior, superior, i fastest. */
export interface Preview {
  readonly shape: readonly [number, number, number];
  /** mm. */
  readonly spacing: readonly [number, number, number];
  /** 0 black, 255 white. */
  readonly image: Uint8Array<ArrayBuffer>;
  /** Positions in the list of classes; 0 is the background. */
  readonly classes: Uint8Array<ArrayBuffer>;
}

export interface ClassVolume {
  readonly name: string;
  readonly milliliters: number;
}

/** What the worker says. */
export type SegmentAnswer =
  | { readonly kind: 'engine'; readonly name: string }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | {
      readonly kind: 'result';
      /** A NIfTI file. */
      readonly labels: Uint8Array<ArrayBuffer>;
      readonly classes: readonly ClassVolume[];
      readonly preview: Preview;
    }
  | { readonly kind: 'error'; readonly message: string };
