/** Where an authority's revocation lists are served. */
export interface DistributionPoints {
  /** HTTP or HTTPS URL of a relayer's read API, without a slash at its end. */
  url: string;
  authorityId: number;
  /** Number of lists that its certificates are spread over, 1 to 256; 1: the complete list alone. */
  shards: number;
}

/** One of the lists that an authority's certificates are spread over. */
export interface ListShard {
  /** 0 to `count` - 1. */
  index: number;
  count: number;
}

const MOST_SHARDS = 256;

/**
 * URI of the list that a certificate may stand on: what it carries as CRL distribution point (RFC 5280 section 4.2.1.13).
 *
 * @throws RangeError when the number of shards is out of range or the URL is none of HTTP.
 */
export function distributionPointOf(points: DistributionPoints, serial: bigint): string {
  requireShards(points.shards);
  if (!/^https?:\/\/[\w.:[\]/-]*[^/]$/.test(points.url))
    throw new RangeError(`"${points.url}" is no URL of a read API`);
  if (points.shards === 1) return `${points.url}/v1/crl/${points.authorityId}`;
  return shardUri(points, { index: shardOfSerial(serial, points.shards), count: points.shards });
}

/** URI of one shard. */
export function shardUri(points: Pick<DistributionPoints, "url" | "authorityId">, { index, count }: ListShard): string {
  return `${points.url}/v1/crl/${points.authorityId}/${index}-of-${count}`;
}

/** Shard of a serial number. Serial numbers are random, so shards are of like size. */
export function shardOfSerial(serial: bigint, count: number): number {
  return Number(serial % BigInt(count));
}

/** Reads `<index>-of-<count>`. @throws RangeError when it names no shard. */
export function parseShard(text: string): ListShard {
  const [index = Number.NaN, count = Number.NaN] = (/^(\d{1,3})-of-(\d{1,3})$/.exec(text) ?? []).slice(1).map(Number);
  requireShards(count);
  if (!(index < count)) throw new RangeError(`shard ${index} must be below ${count}`);
  return { index, count };
}

function requireShards(count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= MOST_SHARDS) return;
  throw new RangeError(`number of shards ${count} must be from 1 to ${MOST_SHARDS}`);
}
