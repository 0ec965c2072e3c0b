/**
 * What the flat API and its files write into the annotations of objects. They begin with `ostler.dev/`, so
 * that a folder of manifests leaves them alone.
 */
export const seedAnnotations = {
  /** The object's number, and the beginning of its uid: a copy of a manifest does not copy the number. */
  id: "ostler.dev/seed-id",
  /** What the flat API calls it, where that cannot be an object's name. */
  name: "ostler.dev/seed-name",
  /** Where in its file it stands; numbers are given in this order. */
  line: "ostler.dev/seed-line",
  /** The number that its file asks for. */
  wantedId: "ostler.dev/seed-wanted-id",
  /** Where its file says that the content comes from. */
  source: "ostler.dev/seed-source",
  /** Nobody has been told yet that it exists; a server that starts anew takes it back. */
  pending: "ostler.dev/seed-pending",
} as const;
