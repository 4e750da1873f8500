import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import type { ImageName, Release } from "./images";
import { IMAGES, RELEASES } from "./images";
import type { SimulatedBoard } from "./simulated";
import type { Traits } from "./traits";
import { describeTraits, parseTrait } from "./traits";

/** What a command is told of the board it simulates. */
export interface ImageOptions {
  image: ImageName;
  release: Release;
  trait?: Partial<Traits>;
}

/** Gives a command `--image`, `--release` and `--trait`, and their table below its help. */
export function addImageOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--image <name>",
        "the image that a simulated board runs; an ESP32_CYD is as ESP32, LINUX has no Wi-Fi",
      )
        .choices(IMAGES)
        .default("ESP32"),
    )
    .addOption(
      new Option("--release <name>", "of the simulated image; later is a build after 2v29, with other faults")
        .choices(RELEASES)
        .default("2v29"),
    )
    .option(
      "--trait <name[=value]>",
      "what is otherwise on the simulated image, listed below; may be repeated",
      (text: string, before?: Partial<Traits>) => {
        try {
          return { ...before, ...parseTrait(text) };
        } catch (error) {
          throw new InvalidArgumentError((error as Error).message);
        }
      },
    )
    .addHelpText(
      "after",
      `\nTraits of simulated boards (--trait idf-log, --trait telnet=off, --trait variables=2300), and what each image has:\n${describeTraits()}`,
    );
}

/** One line that says what is simulated. */
export function describeImage(board: SimulatedBoard): string {
  const { traits, image, release } = board;
  const tls = {
    fits: "TLS fits",
    tight: "TLS just fits its heap",
    "too-large": "TLS does not fit its heap",
    absent: "no TLS",
  }[traits.tls];
  return `simulating ${image} image ${release}: ${traits.variables.toLocaleString("en-US")} variables, ${tls}`;
}
