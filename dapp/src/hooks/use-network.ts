import { createContext, useContext } from "react";
import type { NetworkServices } from "../lib/network-services.ts";

/** Holds the network that the app runs on. */
export const NetworkContext = createContext<NetworkServices | undefined>(undefined);

/** The network that the app runs on. */
export function useNetwork(): NetworkServices {
  const services = useContext(NetworkContext);
  if (!services) throw new Error("useNetwork is used outside of NetworkContext");
  return services;
}
