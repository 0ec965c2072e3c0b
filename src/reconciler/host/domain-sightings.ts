import type { Hint, ObservedDomain } from "../../drivers/driver.ts";
import { Sightings } from "./sightings.ts";

/** The domains of a host as seen over one link, by uid. */
export class DomainSightings extends Sightings<ObservedDomain> {
  /** `onMention`: see Sightings. */
  constructor(onMention: (uid: string, isMentioned: boolean) => void) {
    super((domain) => domain.domainName, onMention);
  }

  /** Takes a hint; whether the domain is in doubt then. */
  heed(uid: string, told: Hint["told"]): boolean {
    if (told === undefined) this.doubt(uid);
    else this.hear(uid, ({ state, reason }) => state === told.state && reason === told.reason);
    return this.isDoubted(uid);
  }

  /** A domain other than `uid`'s that has this name. */
  namesake(domainName: string, uid: string): ObservedDomain | undefined {
    return this.labelled(domainName).find((domain) => domain.uid !== uid);
  }
}
