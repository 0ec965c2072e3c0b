import { formatTime } from "../../runtime/clock.ts";
import type { Resource } from "../../schema/meta.ts";
import type { WriteOptions } from "../../store/store.ts";
import { trackUpdate } from "./apply/track.ts";
import type { ApiContext, ApiRequest } from "./context.ts";
import { fieldManagerOf } from "./field-manager.ts";
import { writeOptions } from "./write-options.ts";

/** What to store, and how. */
export interface TrackedWrite {
  readonly resource: Resource;
  readonly options: WriteOptions;
}

/** How this request's objects are written: with the fields that its writer owns from then on. */
export function trackerOf(context: ApiContext, request: ApiRequest): (resource: Resource) => TrackedWrite {
  const { kind, subresource } = request.info;
  const manager = fieldManagerOf(request);
  const updater = { manager, subresource, time: formatTime(context.clock.now()) };
  return ({ metadata: { managedFields: given, ...metadata }, ...rest }) => ({
    resource: { ...rest, metadata },
    options: {
      ...writeOptions(request),
      finish: (after, before) => trackUpdate(kind, updater, { before, after, given }),
    },
  });
}
