/** Takes back one change; changes are taken back newest first. */
export type Undo = () => void;

/** Sets a key of a map and returns how to restore what was there. */
export function setWithUndo<K, V>(map: Map<K, V>, key: K, value: V): Undo {
  const had = map.has(key);
  const before = map.get(key);
  map.set(key, value);
  return () => {
    if (had) map.set(key, before as V);
    else map.delete(key);
  };
}

/** Appends to a list and returns how to take the item off again. */
export function pushWithUndo<T>(list: T[], item: T): Undo {
  list.push(item);
  return () => void list.pop();
}
