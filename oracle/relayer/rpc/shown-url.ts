/**
 * A node's URL as it may be shown: scheme and host. User names and paths are left out, because that is where providers put
 * keys.
 */
export function shownUrl(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? "(not a URL)" : `${parsed.protocol}//${parsed.host}`;
}
