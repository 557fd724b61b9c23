/** Which old planes the kernels' two planes hold: the next mixture often needs one of them again. */
export class PlaneSlots {
  private readonly keys: [string, string] = ['', ''];

  /** The number of the plane that holds `key`. If none does, `fill` is asked to, in place of any but `keep`. */
  find(key: string, keep: string, fill: (into: 0 | 1) => void): number {
    const found = this.keys.indexOf(key);
    if (found >= 0) return found;
    const into = this.keys[0] === keep ? 1 : 0;
    fill(into);
    this.keys[into] = key;
    return into;
  }
}
