/** Something wrong with a request, as the client is told. */
export class CatalogProblem extends Error {
  /** HTTP status. */
  readonly status: number;
  /** Short code that programs can branch on. */
  readonly type: string;
  /** What of the request is wrong. */
  readonly field: string | undefined;
  /** Error of a contract that a transaction would end with. */
  readonly contractError: string | undefined;

  constructor(
    field: string | undefined,
    detail: string,
    { status = 400, type = "bad-request", error }: { status?: number; type?: string; error?: string } = {},
  ) {
    super(detail);
    this.field = field;
    this.status = status;
    this.type = type;
    this.contractError = error;
  }
}
