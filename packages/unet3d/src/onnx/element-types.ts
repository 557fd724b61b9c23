/** Types of elements by the numbers that ONNX gives them (`TensorProto.DataType`). */
export const ELEMENT_TYPES = { float: 1, int64: 7, half: 10 } as const;
