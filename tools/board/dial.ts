import { X509Certificate } from "node:crypto";
import type { Hardware } from "./hardware";
import type { Loop } from "./loop";
import type { Network, NetworkTarget } from "./network";
import { reach } from "./reach";
import type { Realm } from "./realm";
import type { WifiOptions } from "./wifi-air";

export interface DialerOptions {
  hardware: Hardware;
  air: WifiOptions;
  network: Network;
  /**
   * Asked before each connect: a text is thrown as the board's InternalError, as for a refused connection ("Unable to create socket")
   * or an unknown host ("Unable to locate host"). Without it real sockets can only fail later, by closing.
   */
  connectFault?(host: string, port: number): string | undefined;
  print(line: string): void;
  /** The power is gone, or the watchdog has bitten, while a connect was blocking. */
  stopped(): boolean;
}

const NO_HOST = "Unable to locate host";
const NO_SOCKET = "Unable to create socket";
const REFUSED = 104;

/** What net.connect and tls.connect do before they return, in the C source's order: name, socket, connect, TLS. */
export class Dialer {
  constructor(
    private readonly realm: Realm,
    private readonly loop: Loop,
    private readonly options: DialerOptions,
  ) {}

  /** A descriptor, or the exception that the interpreter throws. */
  dial(target: NetworkTarget, ca: unknown): number {
    const { hardware, air, network, connectFault } = this.options;
    const { traits, sockets, image } = hardware;
    const outcome = image === "LINUX" ? { blocked: 0 } : reach(target, hardware, air, network);
    const blocks = traits["blocking-connect"];
    if (outcome.unknown && hardware.driver.address === "") this.throw(NO_HOST);
    const fault = connectFault?.(target.host, target.port);
    if (outcome.unknown) this.block(blocks ? outcome.blocked : 0);
    if (outcome.unknown || fault === NO_HOST) this.throw(NO_HOST);
    const socket = sockets.take();
    if (socket === undefined) {
      this.error("Socket creation failed");
      this.throw(NO_SOCKET);
    }
    this.block(blocks ? outcome.blocked : 0);
    // A connect that does not block is not told of: the socket stays, and nobody answers.
    const failed = blocks || outcome.blocked === 0 ? outcome.failed : undefined;
    if (failed !== undefined || fault !== undefined) {
      sockets.free(socket);
      if (image !== "LINUX") this.error(`Connect failed (err ${failed ?? REFUSED})`);
      this.throw(fault ?? NO_SOCKET);
    }
    const refusal = target.tls ? this.tlsFault(ca) : undefined;
    if (refusal !== undefined) {
      // netCreateSocket (network.c:680) gives up and closes nothing.
      if (!traits["tls-leak"]) sockets.free(socket);
      this.throw(refusal);
    }
    return socket;
  }

  /** Why ssl_newSocketData (network.c:514) fails; undefined where it does not. */
  private tlsFault(ca: unknown): string | undefined {
    if (ca !== undefined && !isDerCertificate(Buffer.from(String(ca), "latin1"))) {
      return "HTTPS init failed! mbedtls_x509_crt_parse of 'ca': X509 - Invalid format";
    }
    const { tls } = this.options.hardware.traits;
    return tls === "fits" || tls === "tight" ? undefined : "mbedtls_ssl_setup: Not enough memory";
  }

  private block(ms: number): void {
    this.loop.block(ms);
    if (this.options.stopped()) this.throw("the board has restarted meanwhile");
  }

  private error(text: string): void {
    this.options.print(`ERROR: ${text}`);
  }

  private throw(text: string): never {
    throw new this.realm.own.InternalError(text);
  }
}

function isDerCertificate(bytes: Buffer): boolean {
  try {
    // The constructor takes PEM as well.
    return new X509Certificate(bytes).raw.equals(bytes);
  } catch {
    return false;
  }
}
