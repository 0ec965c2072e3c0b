import { StatusError } from "../runtime/errors.ts";

const maxCharacters = 8 * 1024 * 1024;

/** The lines of a body as they come, without empty ones and without what is not ended. */
export async function* linesOf(
  body: AsyncIterable<Uint8Array>,
  limit: number = maxCharacters,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > limit) {
      throw new StatusError("InternalError", "the server sent a watch event that is too long");
    }
    yield* lines.filter((line) => line !== "");
  }
}
