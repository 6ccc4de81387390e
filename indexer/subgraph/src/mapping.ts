// Every handler of the manifest in one module: it is compiled once, and an indexer holds it once.
export * from "./bridge";
export * from "./committee";
export * from "./delegation";
export * from "./disputes";
export * from "./emissions";
export * from "./fees";
export * from "./node-offences";
export * from "./offences";
export * from "./parameters";
export * from "./registry";
export * from "./rewards";
export * from "./self-attestation";
export * from "./slash-proposals";
export * from "./slashing";
export * from "./staking";
export * from "./vesting";
