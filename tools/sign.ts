/** `npm run sign`: the credentials that a device connects with, to try elsewhere, made by the firmware's own code. */
import process from "node:process";
import { Command } from "commander";
import { makeEndpoint } from "../firmware/platforms/endpoint";
import { Failure, runCommand } from "./command-line/exit";
import { checkDevice } from "./device-json/check";
import type { DeviceOptions } from "./device-json/options";
import { addDeviceOptions, deviceFromOptions } from "./device-json/options";
import { askForMissing, canAsk } from "./device-json/questions";
import { refuseVisibleSecrets } from "./device-json/secrets";
import { hostRuntime } from "./host/runtime";
import { describeConnack } from "./advice/advice";

interface CommandOptions extends DeviceOptions {
  json?: boolean;
}

const program = addDeviceOptions(new Command("npm run sign --"))
  .description(
    "Print ClientId, UserName, Password and URL for a device's credentials, and what each CONNACK code means. " +
      "The password printed is what the server wants: on UCloud and brokers that is the secret itself.",
  )
  .option("--json", "one JSON object")
  .addHelpText(
    "after",
    "\nExample, which asks for the secret:\nnpm run sign -- --platform aliyun --product-key pk --device-name device --client-id 12345",
  )
  .showHelpAfterError("(--help shows the options)")
  .exitOverride();

runCommand(async () => {
  refuseVisibleSecrets(process.argv.slice(2));
  program.parse();
  const given = program.opts<CommandOptions>();
  const device = deviceFromOptions(given, process.env);
  if (canAsk()) await askForMissing(device, false);
  const { settings, faults } = checkDevice(device);
  if (!settings) throw new Failure(`these credentials cannot be right:\n  ${faults.join("\n  ")}`);
  const { clientId, username, password, url } = makeEndpoint(settings.platform, hostRuntime());
  // The firmware's texts are rows of UTF-8 bytes.
  const text = (bytes: string | undefined) => bytes && Buffer.from(bytes, "latin1").toString("utf8");
  const shown = { clientId: text(clientId), username: text(username), password: text(password), url };
  const codes = describeConnack(settings.platform.name);
  if (given.json) {
    console.log(JSON.stringify({ ...shown, connack: Object.fromEntries(codes) }));
    return;
  }
  console.log(`ClientId  ${shown.clientId || "(empty)"}`);
  console.log(`UserName  ${shown.username ?? "(none)"}`);
  console.log(`Password  ${shown.password ?? "(none)"}`);
  console.log(`URL       ${url}`);
  console.log("\nWhat the server answers (CONNACK):");
  for (const [code, meaning] of codes) console.log(`  ${code}  ${meaning}`);
});
