/**
 * Parts the kernel command line into parameters, as next_arg() of lib/cmdline.c does: at blanks that are not within
 * double quotes. A pair of quotes around a whole parameter, or around its value, goes away; every other quote, and every
 * single quote, is part of the text.
 */
export function splitParameters(text: string): string[] {
  const parameters = text.match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];
  return parameters.map((parameter) => {
    const isQuoted = parameter.startsWith('"');
    const whole = isQuoted ? parameter.slice(1) : parameter;
    const [, name = "", value] = /^([^=]+=)"(.*)$/s.exec(whole) ?? [];
    const bare = value === undefined ? whole : name + value;
    return isQuoted || value !== undefined ? bare.replace(/"$/, "") : bare;
  });
}
