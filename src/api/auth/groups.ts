/** May do everything, whatever roles say: how the first administrator gets in, and back in. */
export const mastersGroup = "system:masters";

/** Everybody who has said who they are. */
export const authenticatedGroup = "system:authenticated";

/** Everybody else. Nobody of them is answered, so that roles of theirs have no effect. */
export const unauthenticatedGroup = "system:unauthenticated";

export const anonymousName = "system:anonymous";

const serviceAccountPrefix = "system:serviceaccount:";

/** The name by which a service account is known as a user. */
export function serviceAccountUser(namespace: string, name: string): string {
  return `${serviceAccountPrefix}${namespace}:${name}`;
}

/** The service account that a user's name means; undefined for other users. */
export function serviceAccountOf(
  userName: string,
): { readonly namespace: string; readonly name: string } | undefined {
  if (!userName.startsWith(serviceAccountPrefix)) return undefined;
  const [namespace, name, ...more] = userName.slice(serviceAccountPrefix.length).split(":");
  return namespace && name && more.length === 0 ? { namespace, name } : undefined;
}
