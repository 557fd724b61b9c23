/** A card of the time before cards had versions: classifications of it may lack `fit`, which meant 'center'. */
export function fromVersion0(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { fit: 'center', ...values, version: 1 };
}
