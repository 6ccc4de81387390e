import type { Address } from "viem";
import type { AuthorityView } from "./certificate-view.ts";

/** What a wallet is to an authority. */
export interface AuthorityRole {
  /** It is the authority's account. */
  isAccount: boolean;
  /** It is the account of an authority above it. */
  isAbove: boolean;
}

/** What a wallet is to the first of a path of authorities, which leads up to its root. */
export function authorityRole(path: readonly AuthorityView[], wallet: Address | undefined): AuthorityRole {
  const isOf = ({ account }: AuthorityView): boolean => account.toLowerCase() === wallet?.toLowerCase();
  const [own, ...above] = path;
  return { isAccount: own !== undefined && isOf(own), isAbove: above.some(isOf) };
}

/** Numbers of an authority and of every one below it. */
export function withinAuthority(authorities: readonly AuthorityView[], authorityId: number): number[] {
  const below = authorities.filter(({ parent }) => parent === authorityId);
  return [authorityId, ...below.flatMap((one) => withinAuthority(authorities, one.authorityId))];
}
