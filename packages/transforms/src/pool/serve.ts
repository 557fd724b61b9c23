import { selectKernels } from '../kernels/select.js';
import { createMaker } from './maker.js';
import { toPlainError } from './plain-error.js';
import { type Request, type Response, transferList } from './protocol.js';

/** A worker's side of the conversation, whatever kind of worker it is. */
export function serve(
  post: (message: Response, transfer: ArrayBuffer[]) => void,
): (message: Request) => void {
  let make: ReturnType<typeof createMaker>;
  return (message) => {
    if ('setup' in message) {
      selectKernels(message.setup.kernels);
      make = createMaker(message.setup);
      return;
    }
    const { id, job } = message;
    const { slot } = job;
    let response: Response;
    try {
      response = { id, slot, extra: make(job) };
    } catch (error) {
      response = { id, slot, error: toPlainError(error) };
    }
    post(response, transferList(slot));
  };
}
