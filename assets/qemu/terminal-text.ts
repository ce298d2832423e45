/** What a terminal shows, as plain text: control sequences are taken out of a stream. */

const CONTROL_SEQUENCE = /\x1b(?:\[([0-?]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-Z\\^-~])/g;

/** The start of a sequence whose end has not arrived. */
const UNFINISHED_SEQUENCE = /\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*|[ -/]*)$/;

/** Turns chunks of terminal output into plain text; a move of the cursor to a row begins a new line. */
export function createTextStream(): (chunk: string) => string {
  let held = "";
  return (chunk) => {
    const text = held + chunk;
    held = UNFINISHED_SEQUENCE.exec(text)?.[0] ?? "";
    const whole = text.slice(0, text.length - held.length);
    return whole.replace(CONTROL_SEQUENCE, plain).replace(/[\r\x07\x0e\x0f\0]/g, "");
  };
}

/** CUP, HVP and VPA move to other rows (ECMA-48). */
function plain(_sequence: string, _parameters: string | undefined, final: string | undefined): string {
  return final !== undefined && "Hfd".includes(final) ? "\n" : "";
}
