/** What a text must be like that a pattern lets through, for people who do not read patterns. */
const words: Readonly<Record<string, string>> = {
  "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$":
    "1 to 63 lower-case letters, digits, - and ., the first and the last a letter or a digit",
  "^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$":
    "1 to 32 lower-case letters, digits and -, the first and the last a letter or a digit",
  "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$":
    "at most 63 letters, digits, -, _ and ., the first and the last a letter or a digit",
  "^([0-9]{1,15})(\\.[0-9]{1,6})?(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$":
    "a number of bytes, with k, M, G, T, P, Ki, Mi, Gi, Ti or Pi behind it or nothing",
  "^(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9._-]*$":
    "letters, digits, ., _ and -, at least one a letter, the first a letter or a digit",
  "^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$": "1 to 63 letters, digits, ., _ and -, the first a letter or a digit",
  "^[a-zA-Z0-9][a-zA-Z0-9._-]{0,14}$": "1 to 15 letters, digits, ., _ and -, the first a letter or a digit",
  "^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$":
    "a MAC address of one station, in lower case: its second digit is even",
  "^[a-z]+(\\+[a-z]+)?://[^\\s]*$": "a libvirt URI",
  "^https://[^\\s]+$": "an https URL",
  "^sha256:[0-9a-f]{64}$": "sha256: and 64 hexadecimal digits in lower case",
  "^/[^\\x00]+$": "an absolute path",
  "^(\\[[0-9a-fA-F:.]+\\]|[a-zA-Z0-9.-]+):[0-9]{1,5}$": "ADDRESS:PORT",
};

/** Undefined: nobody has put it into words. */
export function wordsForPattern(pattern: string): string | undefined {
  return Object.hasOwn(words, pattern) ? words[pattern] : undefined;
}

/** All that are put into words. */
export const wordedPatterns: readonly string[] = Object.keys(words);
