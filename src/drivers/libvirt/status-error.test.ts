import t from "tap";
import { StatusError } from "../../runtime/errors.ts";
import { LibvirtError } from "./rpc/errors.ts";
import { toStatusError } from "./status-error.ts";

const { signal } = new AbortController();

function answer(code: number, message: string): LibvirtError {
  const none = {
    domainRef: undefined,
    str1: undefined,
    str2: undefined,
    str3: undefined,
    network: undefined,
  };
  return new LibvirtError("PROCEDURE", { code, domain: 10, message, level: 2, int1: 0, int2: 0, ...none });
}

const cases: readonly [code: number, message: string, reason: string][] = [
  [42, "Domain not found", "NotFound"],
  [50, "Storage volume not found", "NotFound"],
  [43, "Network not found", "InternalError"],
  [55, "domain is not running", "OperationInvalid"],
  [68, "cannot acquire state change lock (held by monitor=remoteDispatchDomainCreate)", "OperationInvalid"],
  [38, "Failed to terminate process 7 with SIGKILL: Device or resource busy", "OperationInvalid"],
  [1, 'qemu-img: Failed to get "write" lock', "OperationInvalid"],
  [38, "Cannot access storage file", "InternalError"],
  [88, "access denied", "Forbidden"],
  [3, "this function is not supported by the connection driver", "Unsupported"],
  [39, "unknown procedure: 451", "Unsupported"],
  [8, "unsupported flags", "Invalid"],
  [1, "process exited while connecting to monitor", "InternalError"],
];

for (const [code, message, reason] of cases) {
  t.test(`code ${code}, "${message}", is ${reason}`, async (t) => {
    const error = answer(code, message);
    t.match(toStatusError(error, "start x", signal), {
      reason,
      message: `start x: ${message}`,
      cause: error,
    });
  });
}

t.test("other errors stay, unless the caller has given up", async (t) => {
  const status = new StatusError("HostUnreachable", "x");
  const bug = new TypeError("x");
  t.equal(toStatusError(status, "start", signal), status);
  t.equal(toStatusError(bug, "start", signal), bug);
  t.match(toStatusError(bug, "start", AbortSignal.abort()), { reason: "OutcomeUnknown", cause: bug });
});
