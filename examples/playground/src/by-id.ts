import type { Loaded } from './volumes.js';

/** The element of the page with this id. */
export const byId = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

/** Says which volume is shown. */
export function showName({ name, data }: Loaded): void {
  byId('status').classList.remove('error');
  byId('name').textContent = `${name} · ${data.shape.join(' × ')} voxels`;
}
