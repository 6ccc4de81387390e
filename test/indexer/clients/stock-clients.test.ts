import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache, Observable } from "@apollo/client";
import { codegen } from "@graphql-codegen/core";
import * as typescriptPlugin from "@graphql-codegen/typescript";
import * as operationsPlugin from "@graphql-codegen/typescript-operations";
import { cacheExchange, Client, fetchExchange } from "@urql/core";
import { expect } from "chai";
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery, parse, print, printSchema } from "graphql";
import { GraphQLClient } from "graphql-request";
import { createClient } from "graphql-sse";

import { waitUntil } from "../../helpers/wait-until.ts";
import { startServerRig } from "../engine/server/server-rig.ts";
import type { ServerRig } from "../engine/server/server-rig.ts";

interface Cards {
  cards: { id: string; level: number }[];
}

interface Richest {
  accounts: { id: string; name: string; deposits: { amount: string }[] }[];
}

const RICHEST = `
  query Richest($first: Int!, $kind: Kind) {
    accounts(first: $first, orderBy: balance, orderDirection: desc, where: { kind: $kind }) { ...Summary }
  }
  fragment Summary on Account { id name deposits(first: 2, orderBy: amount) { amount } }
`;
const CARDS = "{ cards(orderBy: id) { id level } }";

describe("stock GraphQL clients work unchanged", () => {
  let rig: ServerRig;
  let url: string;

  beforeEach(async () => {
    rig = await startServerRig();
    url = `${rig.url}/graphql`;
  });

  afterEach(() => rig.stop());

  /** The answer that every client must give. */
  async function plainAnswer(): Promise<Richest> {
    const body = JSON.stringify({ query: RICHEST, variables: { first: 3, kind: "Special" } });
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    const { data } = (await response.json()) as { data: Richest };
    expect(data.accounts).to.have.length(3);
    return data;
  }

  describe("Apollo Client", () => {
    const open = (link: ApolloLink = new HttpLink({ uri: url })) =>
      new ApolloClient({ cache: new InMemoryCache(), link });

    it("queries with variables and fragments, and answers from its cache after it", async () => {
      const client = open();
      const request = { query: gql(RICHEST), variables: { first: 3, kind: "Special" } };
      const { data } = await client.query<Richest>(request);
      expect(withoutTypenames(data)).to.deep.equal(await plainAnswer());
      const cached = await client.query<Richest>({ ...request, fetchPolicy: "cache-only" });
      expect(cached.data).to.deep.equal(data);
      client.stop();
    });

    it("sees new blocks by polling", async () => {
      const client = open();
      const query = client.watchQuery<Cards>({ query: gql(CARDS), pollInterval: 30 });
      const seen: number[] = [];
      const subscription = query.subscribe(({ data }) => seen.push(data?.cards?.length ?? 0));
      await waitUntil("the first answer", () => seen.includes(3));
      rig.addCard("card-9", 5);
      await waitUntil("the new card", () => seen.includes(4));
      subscription.unsubscribe();
      client.stop();
    });

    it("reports errors of a query", async () => {
      const client = open();
      const failure = await client.query({ query: gql("{ nothing { id } }") }).catch((error: Error) => error.message);
      expect(failure).to.contain('Cannot query field "nothing"');
      client.stop();
    });

    it("subscribes over graphql-sse", async () => {
      const sse = createClient({ url });
      const link = new ApolloLink(
        ({ query, variables }) =>
          new Observable((sink) =>
            sse.subscribe(
              { query: print(query), variables },
              {
                next: (value) => sink.next(value as ApolloLink.Result),
                error: (error) => sink.error(error),
                complete: () => sink.complete(),
              },
            ),
          ),
      );
      const client = open(link);
      const seen: number[] = [];
      const subscription = client
        .subscribe<Cards>({ query: gql(`subscription ${CARDS}`) })
        .subscribe(({ data }) => seen.push(data?.cards.length ?? 0));
      await waitUntil("the first answer", () => seen.length === 1);
      rig.addCard("card-9", 5);
      await waitUntil("the new card", () => seen.length === 2);
      expect(seen).to.deep.equal([3, 4]);
      subscription.unsubscribe();
      client.stop();
      sse.dispose();
    });
  });

  it("graphql-request queries with variables and throws the server's sentence", async () => {
    const client = new GraphQLClient(url);
    const answer = await client.request<Richest>(RICHEST, { first: 3, kind: "Special" });
    expect(answer).to.deep.equal(await plainAnswer());
    const failure = await client.request("{ accounts(first: 5000) { id } }").catch((error: Error) => error.message);
    expect(failure).to.contain("The `first` argument must be between");
  });

  it("urql queries by GET and by POST", async () => {
    for (const preferGetMethod of ["force", false] as const) {
      const client = new Client({
        url,
        exchanges: [cacheExchange, fetchExchange],
        preferGetMethod,
        fetch: withoutAbort,
      });
      const { data, error } = await client.query<Richest>(RICHEST, { first: 3, kind: "Special" }).toPromise();
      expect(error).to.equal(undefined);
      expect(withoutTypenames(data), `GET: ${preferGetMethod}`).to.deep.equal(await plainAnswer());
    }
  });

  it("graphql-sse follows a subscription and ends a query", async () => {
    const client = createClient({ url });
    const query = client.iterate<Cards>({ query: CARDS });
    expect((await query.next()).value).to.have.nested.property("data.cards.length", 3);
    expect((await query.next()).done).to.equal(true);
    const live = client.iterate<Cards>({ query: `subscription ${CARDS}` });
    expect((await live.next()).value).to.have.nested.property("data.cards.length", 3);
    rig.addCard("card-9", 5);
    expect((await live.next()).value).to.have.nested.property("data.cards.length", 4);
    client.dispose();
  });

  it("code is generated from introspection", async () => {
    const client = new GraphQLClient(url);
    const schema = buildClientSchema(await client.request<IntrospectionQuery>(getIntrospectionQuery()));
    const code = await codegen({
      filename: "graph.ts",
      schema: parse(printSchema(schema)),
      documents: [{ location: "richest.graphql", document: parse(RICHEST) }],
      config: {},
      plugins: [{ typescript: {} }, { operations: {} }],
      pluginMap: { typescript: typescriptPlugin, operations: operationsPlugin },
    });
    expect(code).to.match(/export type RichestQueryVariables = Exact<\{\s*first: /);
    expect(code).to.match(/export type RichestQuery = .*accounts: Array<\{/s);
    expect(code).to.contain("export type SummaryFragment =");
  });
});

/** urql aborts what it has read already, and Node may then fail the next request on that connection. */
const withoutAbort: typeof fetch = (input, init) => fetch(input, { ...init, signal: null });

/** An answer without the fields that clients with a cache add to a query. */
function withoutTypenames(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, item: unknown) => (key === "__typename" ? undefined : item));
}
