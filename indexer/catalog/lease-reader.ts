import type { CatalogLease, LeaseQuery } from "@pqmesh/contracts/protocol/catalog-api";

import type { GraphqlService } from "../engine/graphql/graphql-service.ts";
import { CatalogProblem } from "./catalog-problem.ts";

/** Fields that are served under the name that they have in the index. */
const FIELDS =
  "version client token units rate status isMetered feeBp term acceptBy start end settledUntil fundedUntil graceUntil " +
  "deposited balance janitorFee provenEpochs missedEpochs unreportedEpochs paidToProvider fees returnedToClient earned " +
  "redeemed vouchersUntil bond bondPaid noticeEnd isNoticeByProvider isDisputed disputedUntil clientShareBp deliveryCount " +
  "openedAt acceptedAt closedAt janitor janitorPaid";
const SELECTION = `{ number listing { number } node { nodeIndex } operator { identityId } ${FIELDS} }`;
const BLOCK = "_meta { block { number hash timestamp } }";
const PAGE = `query ($where: Lease_filter, $first: Int!) {
  ${BLOCK} leases(where: $where, orderBy: number, orderDirection: desc, first: $first) ${SELECTION} }`;
const ONE = `query ($id: ID!) { ${BLOCK} lease(id: $id) ${SELECTION} }`;

interface IndexedLease extends Omit<CatalogLease, "id" | "listing" | "node" | "operator"> {
  readonly number: string;
  readonly listing: { readonly number: number };
  readonly node: { readonly nodeIndex: number };
  readonly operator: { readonly identityId: number };
}

interface Answer {
  readonly _meta: { readonly block: { number: number; hash: string; timestamp: number } };
  readonly leases?: readonly IndexedLease[];
  readonly lease?: IndexedLease | null;
}

/** Leases from the index, by way of its GraphQL, which bounds what one question may cost. */
export class LeaseReader {
  readonly #graphql: GraphqlService;

  constructor(graphql: GraphqlService) {
    this.#graphql = graphql;
  }

  /** A page of leases, newest first. @throws CatalogProblem when the cursor is not one of these, or it takes too long. */
  async page({ client, provider, listing, status, limit, cursor }: LeaseQuery) {
    const where = {
      ...(client !== undefined && { client }),
      ...(provider !== undefined && { operator: String(provider) }),
      ...(listing !== undefined && { listing: String(listing) }),
      ...(status !== undefined && { status_in: status }),
      ...(cursor !== undefined && { number_lt: readCursor(cursor) }),
    };
    const { _meta, leases = [] } = await this.#ask(PAGE, { where, first: limit + 1 });
    const page = leases.slice(0, limit);
    const isMore = leases.length > limit;
    return { block: _meta.block, leases: page.map(leaseOf), next: isMore ? writeCursor(page.at(-1)!.number) : null };
  }

  /** One lease. @throws CatalogProblem when there is none. */
  async one(id: string) {
    const { _meta, lease } = await this.#ask(ONE, { id });
    if (!lease) throw new CatalogProblem("id", `there is no lease ${id}`, { status: 404, type: "not-found" });
    return { block: _meta.block, lease: leaseOf(lease) };
  }

  async #ask(query: string, variables: Record<string, unknown>): Promise<Answer> {
    const { data, errors } = await this.#graphql.answer({ query, variables });
    if (data && errors === undefined) return data as unknown as Answer;
    throw new CatalogProblem(undefined, errors?.[0]?.message ?? "the index has no answer", {
      status: 503,
      type: "index-unavailable",
    });
  }
}

function leaseOf({ number, listing, node, operator, ...rest }: IndexedLease): CatalogLease {
  return { id: number, listing: listing.number, node: node.nodeIndex, operator: operator.identityId, ...rest };
}

function writeCursor(number: string): string {
  return Buffer.from(`lease ${number}`).toString("base64url");
}

function readCursor(text: string): string {
  const number = /^lease (\d{1,20})$/.exec(Buffer.from(text, "base64url").toString("latin1"))?.[1];
  if (number === undefined) throw new CatalogProblem("cursor", "`cursor` must be `next` of the page before");
  return number;
}
