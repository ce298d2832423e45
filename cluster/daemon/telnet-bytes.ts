/** What telnet says between the characters that a person types (RFC 854), taken out. */

const IAC = 255;
const SB = 250;
const SE = 240;
/** WILL, WON'T, DO and DON'T are followed by an option; the other commands stand alone. */
const FIRST_WITH_OPTION = 251;

type State = "data" | "command" | "option" | "parameters" | "command in parameters";

/** A function that gives the data in what was received, in pieces of any size. */
export function createTelnetFilter(): (bytes: Uint8Array) => Uint8Array {
  let state: State = "data";
  return (bytes) =>
    bytes.filter((byte) => {
      // IAC twice is a byte 255 of data.
      const isData = state === "data" ? byte !== IAC : state === "command" && byte === IAC;
      state = nextState(state, byte);
      return isData;
    });
}

function nextState(state: State, byte: number): State {
  if (state === "data") return byte === IAC ? "command" : "data";
  if (state === "parameters") return byte === IAC ? "command in parameters" : "parameters";
  if (state === "command in parameters") return byte === SE ? "data" : "parameters";
  if (state === "option" || byte === IAC || byte < SB) return "data";
  return byte >= FIRST_WITH_OPTION ? "option" : "parameters";
}
