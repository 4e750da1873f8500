/** What to check for each code that the firmware, and the console in the browser, can end with: one text for all tools. */
import type { PlatformConfig } from "../../firmware/platforms/endpoint";
import { en } from "./en";
import { zh } from "./zh";

export type PlatformName = PlatformConfig["name"];
export type Language = "en" | "zh";

export interface Advice {
  /** By the code of a status line or an error. */
  codes: Record<string, string>;
  /** By the return code of CONNACK, 0 to 5 (MQTT 3.1.1, table 3.1): its name, and what it mostly means on each platform. */
  connack: Record<"names" | PlatformName, readonly string[]>;
  /** For a code that is in neither. */
  unknown: string;
}

const LANGUAGES: Record<Language, Advice> = { en, zh };

/** The firmware's codes for the return codes 1 to 5 of CONNACK. */
const REFUSALS = [
  "unacceptable-protocol-version",
  "identifier-rejected",
  "server-unavailable",
  "bad-username-or-password",
  "not-authorized",
];

/** What to check after `code`; what a refusal means depends on the platform, `broker` where none is given. */
export function adviceFor(code: string, language: Language = "en", platform: PlatformName = "broker"): string {
  const { codes, connack, unknown } = LANGUAGES[language];
  const refusal = REFUSALS.indexOf(code);
  return refusal >= 0 ? connack[platform][refusal + 1] : Object.hasOwn(codes, code) ? codes[code] : unknown;
}

/** Each return code of CONNACK with its name and what to look at. */
export function describeConnack(platform: PlatformName, language: Language = "en"): [code: number, meaning: string][] {
  const { names, [platform]: hints } = LANGUAGES[language].connack;
  return names.map((name, code) => [code, `${name}: ${hints[code]}`]);
}

/** Every code that there is advice for. */
export function knownCodes(language: Language = "en"): string[] {
  return [...Object.keys(LANGUAGES[language].codes), ...REFUSALS];
}
