const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** A text's UTF-8 bytes in base64. */
export function encodeBase64(text: string): string {
  return encoder.encode(text).toBase64();
}

/** The text that base64 stands for; undefined when it is not text in UTF-8. */
export function decodeBase64(base64: string): string | undefined {
  try {
    return decoder.decode(Uint8Array.fromBase64(base64));
  } catch {
    return undefined;
  }
}
