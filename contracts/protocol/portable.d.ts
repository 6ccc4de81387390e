/** A 32-bit integer of AssemblyScript; in TypeScript a number that holds one. */
declare type i32 = number;
