import type { FakeDomain } from "../../drivers/fake/fake-domain.ts";
import type { Actor } from "./actor.ts";
import type { ManifestsAuthor } from "./manifests-author.ts";
import type { SimHost } from "./sim-host.ts";
import type { Stream } from "./stream.ts";
import type { World } from "./world.ts";

/** What a step of a play has at hand. */
export class Scene {
  readonly world: World;
  readonly actor: Actor;
  readonly author: ManifestsAuthor;
  /** Of this step alone. */
  readonly stream: Stream;
  readonly #number: number;

  constructor(options: {
    world: World;
    actor: Actor;
    author: ManifestsAuthor;
    stream: Stream;
    number: number;
  }) {
    this.world = options.world;
    this.actor = options.actor;
    this.author = options.author;
    this.stream = options.stream;
    this.#number = options.number;
  }

  /** A name that no other step gives. */
  readonly newName = (prefix: string): string => `${prefix}-${this.#number}`;

  readonly hostName = (): string => this.host().name;

  readonly host = (): SimHost => this.stream.pick([...this.world.hosts.values()]);

  /** One of our domains on a host that is up; guests do what guests do. */
  readonly onDomain = (act: (domain: FakeDomain, host: SimHost) => void): void => {
    const domains = [...this.world.hosts.values()].flatMap((host) =>
      host.fake.powered ? [...host.fake.domains].map((domain) => ({ domain, host })) : [],
    );
    if (domains.length === 0) return;
    const { domain, host } = this.stream.pick(domains);
    act(domain, host);
  };
}
