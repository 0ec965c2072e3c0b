import { type StatusCause, StatusError } from "../runtime/errors.ts";

/** The causes of the StatusError that `call` throws; none when it throws nothing. */
export function causesOf(call: () => unknown): readonly StatusCause[] {
  try {
    call();
  } catch (error) {
    if (error instanceof StatusError) return error.causes;
    throw error;
  }
  return [];
}
