/** Who a webContents of ours is, put there by main when it made it. Nothing a page says changes it. */
export type Caller<Workspace, Paste> =
  | { readonly surface: 'launcher' }
  | { readonly surface: 'add' }
  | { readonly surface: 'workspace'; readonly window: Workspace }
  | { readonly surface: 'paste'; readonly held: Paste };

/** The callers by webContents id. */
export class Callers<Workspace, Paste> {
  readonly #byContents = new Map<number, Caller<Workspace, Paste>>();

  add(contentsId: number, caller: Caller<Workspace, Paste>): void {
    this.#byContents.set(contentsId, caller);
  }

  remove(contentsId: number): void {
    this.#byContents.delete(contentsId);
  }

  get(contentsId: number): Caller<Workspace, Paste> | undefined {
    return this.#byContents.get(contentsId);
  }
}
