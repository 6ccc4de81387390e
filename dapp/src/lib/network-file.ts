import { type NetworkConfig, parseNetworkConfig } from "@pqmesh/contracts/protocol/network-config";

/**
 * Fetches and checks `/network.json`, which tells the dApp where the network is.
 *
 * @throws Error in one sentence that says what is missing or wrong.
 */
export async function loadNetworkFile(url = "/network.json"): Promise<NetworkConfig> {
  let response: Response;
  try {
    response = await fetch(url, { cache: "no-store" });
  } catch (cause) {
    throw new Error(`${url} cannot be fetched: the server that serves this page does not answer.`, { cause });
  }
  if (!response.ok) throw new Error(`${url} cannot be fetched: the server answers ${response.status}.`);
  let value: unknown;
  try {
    value = await response.json();
  } catch (cause) {
    throw new Error(`${url} is not JSON.`, { cause });
  }
  return parseNetworkConfig(value);
}
