import type { RefusalKind } from "../moves-report.ts";

/** A wish to move that cannot be met; the message is for the person that wished. */
export class Refusal extends Error {
  readonly kind: RefusalKind;

  constructor(message?: string, kind: RefusalKind = "wish") {
    super(message);
    this.kind = kind;
  }
}
