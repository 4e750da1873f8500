/** Registration as a step of provisioning: whatever goes wrong behind it, the secret that it got is not lost. */
import { Failure } from "../command-line/exit";
import type { Json } from "../device-json/json";
import { getField } from "../device-json/json";
import { hasSecret, platformSecret } from "../device-json/secrets";
import { KeptSecret } from "./kept-secret";
import type { Show } from "./provision";
import type { RegisterOptions } from "./register";
import { identityOf, registerDevice, withSecret } from "./register";

/** In the place of a secret that is still to come, for the checks before. */
const STAND_IN = "to-come";

const ownSecret = (device: Json) => getField(device, platformSecret(device)!.path);

export class Registrar {
  /** `folder`: where a secret lies until a board has it. */
  constructor(
    private readonly options: RegisterOptions,
    private readonly folder: string,
    private readonly show: Show,
  ) {}

  /** The device as it will be, with a secret that is none. */
  planned(device: Json): Json {
    return withSecret(device, hasSecret(device) ? ownSecret(device) : STAND_IN);
  }

  /** Registers the device, or takes the secret of an earlier run, and has it written; one with a secret of its own is only written. */
  async register(device: Json, write: (whole: Json) => Promise<void>): Promise<void> {
    if (hasSecret(device)) return write(withSecret(device, ownSecret(device)));
    const kept = new KeptSecret(this.folder, identityOf(device));
    let secret = kept.read();
    if (secret !== undefined)
      this.show("kept", `${kept.path} holds the secret of an earlier run: the cloud is not asked again`);
    else {
      secret = await this.ask(device, kept);
      this.show("registered", "the device has its secret from the cloud");
    }
    try {
      await write(withSecret(device, secret));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new Failure(
        `${error.message}\nThe device is registered, and its secret, which the cloud does not issue again, is kept in ${kept.path}: ` +
          "run the same command again, it takes the secret from there",
      );
    }
    kept.forget();
  }

  private async ask(device: Json, kept: KeptSecret): Promise<string> {
    kept.prepare();
    try {
      return await registerDevice(device, (secret) => kept.keep(secret), this.options);
    } catch (error) {
      kept.abandon();
      throw error;
    }
  }
}
