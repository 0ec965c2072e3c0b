import t from "tap";
import type { ImageFacts, ImageFailure } from "../../images/image-store.ts";
import type { Image, ImageStatus } from "../../schema/image.ts";
import { type ImageOutcome, imageStatus } from "./status.ts";

const facts: ImageFacts = {
  digest: `sha256:${"a".repeat(64)}`,
  format: "qcow2",
  contents: "disk",
  sizeBytes: 1000,
  virtualSizeBytes: 2 ** 30,
};
const available: ImageOutcome = { type: "available", facts };
const firstDay = Date.UTC(2026, 0, 1);
const secondDay = Date.UTC(2026, 0, 2);

function imageWith(generation: number, status?: ImageStatus): Image {
  return {
    apiVersion: "ostler.dev/v1",
    kind: "Image",
    metadata: { name: "debian", generation },
    spec: { source: { file: "/images/debian.qcow2" } },
    ...(status === undefined ? {} : { status }),
  };
}

function failed(failure: ImageFailure): ImageOutcome {
  return { type: "failed", failure, message: "because" };
}

t.test("available content is told whole", async (t) => {
  t.strictSame(imageStatus(imageWith(3), available, firstDay), {
    ...facts,
    observedGeneration: 3,
    conditions: [
      {
        type: "Ready",
        status: "True",
        reason: "Available",
        message: "a qcow2 disk",
        observedGeneration: 3,
        lastTransitionTime: "2026-01-01T00:00:00Z",
      },
    ],
  });
});

t.test("looking again at the same changes nothing", async (t) => {
  for (const outcome of [available, failed("Refused"), failed("DownloadFailed")]) {
    const status = imageStatus(imageWith(3), outcome, firstDay);
    t.strictSame(imageStatus(imageWith(3, status), outcome, secondDay), status);
  }
});

t.test("content out of reach stays known; refused content does not", async (t) => {
  const before = imageStatus(imageWith(3), available, firstDay);
  const cases: readonly [ImageFailure, boolean][] = [
    ["NotFound", true],
    ["DownloadFailed", true],
    ["Unreadable", true],
    ["Forbidden", false],
    ["Refused", false],
    ["ChecksumMismatch", false],
  ];
  for (const [failure, stays] of cases) {
    const status = imageStatus(imageWith(3, before), failed(failure), secondDay);
    t.match(status.conditions, [{ status: "False", reason: failure, message: "because" }], failure);
    t.match(status.conditions, [{ lastTransitionTime: "2026-01-02T00:00:00Z" }]);
    t.equal(status.digest, stays ? facts.digest : undefined, failure);
    t.equal(status.virtualSizeBytes, stays ? facts.virtualSizeBytes : undefined, failure);
  }
});

t.test("what was known of another spec's content is forgotten", async (t) => {
  const before = imageStatus(imageWith(3), available, firstDay);
  for (const outcome of [failed("NotFound"), { type: "downloading" } as const]) {
    const status = imageStatus(imageWith(4, before), outcome, secondDay);
    t.equal(status.digest, undefined);
    t.equal(status.observedGeneration, 4);
  }
});

t.test("compressed content is named as no disk", async (t) => {
  const compressed = { ...facts, format: "raw", contents: "compressed" } as const;
  const status = imageStatus(imageWith(1), { type: "available", facts: compressed }, firstDay);
  t.match(status, {
    contents: "compressed",
    conditions: [{ status: "True", message: /decompressed first/ }],
  });
});
