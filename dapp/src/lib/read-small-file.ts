/** Bytes of the longest file with a key or a signature. */
const MAX_FILE_BYTES = 65_536;

/**
 * Reads a file that a person chose. Its size is looked at first: a wrong choice may be a whole disk image.
 *
 * @throws Error with a sentence that names size and limit when the file is longer than any that is expected.
 */
export async function readSmallFile(
  file: Pick<File, "size" | "arrayBuffer">,
  maxBytes = MAX_FILE_BYTES,
): Promise<Uint8Array> {
  if (file.size > maxBytes) {
    const [size, limit] = [file.size, maxBytes].map((bytes) => bytes.toLocaleString("en-US"));
    throw new Error(`This file has ${size} bytes; at most ${limit} are read. Choose another file.`);
  }
  return new Uint8Array(await file.arrayBuffer());
}
