/** Adds all items to a list. `push(...items)` runs out of stack at some hundred thousand of them. */
export function append<Item>(list: Item[], items: readonly Item[]): void {
  for (const item of items) list.push(item);
}
