import { type ElementType, elementTypeOf } from '../element-types.js';

/** An element type as PyTorch knows it. */
export interface TorchDtype {
  /** PyTorch's name without `torch.`: 'float32', 'complex64', … */
  readonly name: string;
  /** Bytes of one element; undefined for a type that this reader has never heard of. */
  readonly size?: number;
  /** How its elements are read; undefined for those that no network here can use. */
  readonly elements?: ElementType;
}

/** Names of safetensors for PyTorch's types that can be read. */
const readable: Readonly<Record<string, string>> = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  float8_e4m3fn: 'F8_E4M3',
  float8_e5m2: 'F8_E5M2',
  float8_e4m3fnuz: 'F8_E4M3FNUZ',
  float8_e5m2fnuz: 'F8_E5M2FNUZ',
  float8_e8m0fnu: 'F8_E8M0',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint64: 'U64',
  uint32: 'U32',
  uint16: 'U16',
  uint8: 'U8',
  bool: 'BOOL',
};

/** Bytes of an element of the types that are only skipped; a legacy file must know them to find the next storage. */
const unreadable: Readonly<Record<string, number>> = {
  complex128: 16,
  complex64: 8,
  qint8: 1,
  quint8: 1,
  qint32: 4,
  quint4x2: 1,
  quint2x4: 1,
};

const dtypes: ReadonlyMap<string, TorchDtype> = new Map([
  ...Object.entries(readable).map(([name, safetensors]): [string, TorchDtype] => {
    const elements = elementTypeOf(safetensors);
    return [name, { name, elements, size: elements?.size }];
  }),
  ...Object.entries(unreadable).map(([name, size]): [string, TorchDtype] => [name, { name, size }]),
]);

/** What the storage classes of a checkpoint hold (`torch.FloatStorage`); an untyped one holds bytes. */
const storageClasses: ReadonlyMap<string, string> = new Map(
  Object.entries({
    DoubleStorage: 'float64',
    FloatStorage: 'float32',
    HalfStorage: 'float16',
    BFloat16Storage: 'bfloat16',
    LongStorage: 'int64',
    IntStorage: 'int32',
    ShortStorage: 'int16',
    CharStorage: 'int8',
    ByteStorage: 'uint8',
    BoolStorage: 'bool',
    UntypedStorage: 'uint8',
    ComplexDoubleStorage: 'complex128',
    ComplexFloatStorage: 'complex64',
    QInt8Storage: 'qint8',
    QUInt8Storage: 'quint8',
    QInt32Storage: 'qint32',
    QUInt4x2Storage: 'quint4x2',
    QUInt2x4Storage: 'quint2x4',
  }),
);

/** The type called `name`, without `torch.`. */
export function torchDtype(name: string): TorchDtype {
  return dtypes.get(name) ?? { name };
}

/** The type of the elements of a storage class. */
export function storageDtype(className: string): TorchDtype {
  return torchDtype(storageClasses.get(className) ?? className);
}
