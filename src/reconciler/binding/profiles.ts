import type { Profile } from "../../scheduler/framework.ts";
import { compilePolicy } from "../../scheduler/policies.ts";
import type { PlacementRequest } from "../../scheduler/request.ts";
import type { PlacementPolicySpec } from "../../schema/placement-policy.ts";

/** Policies, each made ready once for as long as it is what it is. */
export class Profiles {
  readonly #default: Profile;
  readonly #made = new WeakMap<PlacementPolicySpec, Profile>();

  /** `defaultProfile` is for machines whose request names no policy. */
  constructor(defaultProfile: Profile) {
    this.#default = defaultProfile;
  }

  of({ policy }: Pick<PlacementRequest, "policy">): Profile {
    if (policy === undefined) return this.#default;
    const known = this.#made.get(policy);
    if (known !== undefined) return known;
    const profile = compilePolicy(policy);
    this.#made.set(policy, profile);
    return profile;
  }
}
