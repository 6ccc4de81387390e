/** The certificate library; it refuses to load before the polyfill, so nothing else may import it by its own name. */
import "reflect-metadata";

export * from "@peculiar/x509";
