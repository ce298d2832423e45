/** Takes the commands of telnet (RFC 854) out of what a person types. */

const IAC = 255;
const SB = 250;
const SE = 240;
/** An option follows WILL, WON'T, DO and DON'T; the other commands stand alone. */
const FIRST_WITH_OPTION = 251;

type State = "data" | "command" | "option" | "parameters" | "command in parameters";

export class TelnetFilter {
  #state: State = "data";

  /** The data in received bytes, which come in pieces of any size. */
  filter(bytes: Uint8Array): Uint8Array {
    return bytes.filter((byte) => {
      // IAC twice is a byte 255 of data.
      const isData = this.#state === "data" ? byte !== IAC : this.#state === "command" && byte === IAC;
      this.#state = nextState(this.#state, byte);
      return isData;
    });
  }
}

function nextState(state: State, byte: number): State {
  if (state === "data") return byte === IAC ? "command" : "data";
  if (state === "parameters") return byte === IAC ? "command in parameters" : "parameters";
  if (state === "command in parameters") return byte === SE ? "data" : "parameters";
  if (state === "option" || byte === IAC || byte < SB) return "data";
  return byte >= FIRST_WITH_OPTION ? "option" : "parameters";
}
